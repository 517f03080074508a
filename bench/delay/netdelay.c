/*
 * netdelay NAMESPACE_A NAMESPACE_B MILLISECONDS [LOST_PER_MILLION]: a long wire between two network namespaces, for kernels without sch_netem.
 *
 * Each namespace gets a TUN device of the name DEVICE. Whatever is sent into one comes out of the other MILLISECONDS later,
 * SYN and ACK like any other packet, so the round trip is twice that. Packets of one direction all wait equally long: a
 * queue in order of arrival is a queue in order of departure. Prints "ready" when both devices are there; the caller
 * gives them addresses. Of a million packets so many are lost on the way, at random. Ends when killed, and the devices with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "delay0"
#define NANOSECONDS 1000000000LL
#define LARGEST_PACKET 65536

struct packet {
  struct packet *next;
  long long due;
  size_t length;
  unsigned char bytes[];
};

/* One direction of the wire. */
struct lane {
  int from;
  int to;
  struct packet *first;
  struct packet **end;
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * NANOSECONDS + at.tv_nsec;
}

/* Enters the namespace for good: a device stays in the namespace it was made in, wherever its maker goes next. */
static int open_device(const char *name) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", name);
  int space = open(path, O_RDONLY | O_CLOEXEC);
  if (space < 0 || setns(space, CLONE_NEWNET) != 0) fail(path);
  close(space);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq request = {0};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, DEVICE, IFNAMSIZ - 1);
  if (ioctl(device, TUNSETIFF, &request) != 0) fail("TUNSETIFF");
  return device;
}

/* By xorshift, so that each run of this program loses the same ones by number. */
static int is_lost(long per_million) {
  static unsigned long long state = 88172645463325252ULL;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (long)(state % 1000000) < per_million;
}

/* Takes in all that has been sent so far. */
static void collect(struct lane *lane, long long delay, long lost_per_million) {
  static unsigned char buffer[LARGEST_PACKET];
  for (;;) {
    ssize_t length = read(lane->from, buffer, sizeof buffer);
    if (length <= 0) return;
    if (is_lost(lost_per_million)) continue;
    struct packet *packet = malloc(sizeof *packet + (size_t)length);
    if (packet == NULL) fail("malloc");
    packet->next = NULL;
    packet->due = now() + delay;
    packet->length = (size_t)length;
    memcpy(packet->bytes, buffer, (size_t)length);
    *lane->end = packet;
    lane->end = &packet->next;
  }
}

/* A packet that a full device refuses is lost, as on any wire; so is one for a device that nobody has switched on yet. */
static int is_loss(int error) { return error == EAGAIN || error == EIO; }

/* Hands over all that is due. */
static void deliver(struct lane *lane) {
  while (lane->first != NULL && lane->first->due <= now()) {
    struct packet *packet = lane->first;
    lane->first = packet->next;
    if (lane->first == NULL) lane->end = &lane->first;
    if (write(lane->to, packet->bytes, packet->length) < 0 && !is_loss(errno)) perror("write");
    free(packet);
  }
}

/* How long nothing is due on either lane; NULL for ever. */
static struct timespec *until_next(const struct lane lanes[2], struct timespec *wait) {
  long long next = -1;
  for (int i = 0; i < 2; i++) {
    const struct packet *packet = lanes[i].first;
    if (packet != NULL && (next < 0 || packet->due < next)) next = packet->due;
  }
  if (next < 0) return NULL;
  long long rest = next - now();
  if (rest < 0) rest = 0;
  wait->tv_sec = rest / NANOSECONDS;
  wait->tv_nsec = rest % NANOSECONDS;
  return wait;
}

/* On a busy machine the wire must not become longer; without the right to it the measurement is only less steady. */
static void hurry(void) {
  struct sched_param urgent = {.sched_priority = 10};
  if (sched_setscheduler(0, SCHED_FIFO, &urgent) != 0) perror("sched_setscheduler");
}

int main(int count, char **arguments) {
  if (count != 4 && count != 5) {
    fprintf(stderr, "usage: netdelay NAMESPACE_A NAMESPACE_B MILLISECONDS [LOST_PER_MILLION]\n");
    return 2;
  }
  long long delay = (long long)(atof(arguments[3]) * 1e6);
  long lost_per_million = count == 5 ? atol(arguments[4]) : 0;
  int a = open_device(arguments[1]);
  int b = open_device(arguments[2]);
  struct lane lanes[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
  for (int i = 0; i < 2; i++) lanes[i].end = &lanes[i].first;
  hurry();
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct pollfd readable[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
    struct timespec wait;
    if (ppoll(readable, 2, until_next(lanes, &wait), NULL) < 0 && errno != EINTR) fail("ppoll");
    for (int i = 0; i < 2; i++) {
      collect(&lanes[i], delay, lost_per_million);
      deliver(&lanes[i]);
    }
  }
}
