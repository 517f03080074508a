/**
 * Where clients and servers meet: a network namespace of their own, or two of them with a long wire between.
 *
 * BBR, many machines' default, paces loopback to half its speed and scatters the figures; a namespace is where reno can
 * be chosen without touching the machine. Making one takes root.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findProgram } from './find-program.js';
import { runCommand } from './run-command.js';

/**
 * `loopback`: both ends in one place. `wire`: a round trip of {@link roundTripMs} between them. `lossy-wire`: a longer one, which
 * loses packets in both directions.
 */
export type Link = 'loopback' | 'wire' | 'lossy-wire';

/** A long wire. */
export interface Wire {
  readonly roundTripMs: number;
  /** Of all packets, in each direction. */
  readonly lossPercent: number;
}

export const roundTripMs = 40;
export const lossyWire: Wire = { roundTripMs: 100, lossPercent: 1 };

export interface Network extends AsyncDisposable {
  /** What the report says about it. */
  readonly description: string;
  /** Where servers listen. */
  readonly address: string;
  /** What to put before a command; empty where there is no namespace. */
  readonly serverPrefix: readonly string[];
  readonly clientPrefix: readonly string[];
}

/** Why that link cannot be had on this machine; `undefined` when it can. */
export function missingFor(link: Link): string | undefined {
  if (link === 'loopback') return undefined;
  if (!canMakeNamespaces()) return `a long wire needs root, \`ip\` (iproute2) and \`cc\` (gcc)`;
  return existsSync('/dev/net/tun') ? undefined : 'a long wire needs /dev/net/tun';
}

/** Opens that link; `netdelay` is the program compiled from `bench/delay`. */
export function openNetwork(link: Link, netdelay: string): Promise<Network> {
  if (link === 'wire') return openWire(netdelay, link, { roundTripMs, lossPercent: 0 });
  if (link === 'lossy-wire') return openWire(netdelay, link, lossyWire);
  return canMakeNamespaces() ? openLoopback() : Promise.resolve(plainLoopback);
}

const canMakeNamespaces = (): boolean => process.getuid?.() === 0 && findProgram('ip') !== undefined;

const plainLoopback: Network = {
  description: 'loopback of the machine, with its own congestion control: a namespace with reno needs root and `ip`',
  address: '127.0.0.1',
  serverPrefix: [],
  clientPrefix: [],
  [Symbol.asyncDispose]: async () => undefined,
};

async function openLoopback(): Promise<Network> {
  const space = await openNamespace('loopback');
  return {
    description: 'loopback of a network namespace, reno',
    address: '127.0.0.1',
    serverPrefix: inside(space),
    clientPrefix: inside(space),
    [Symbol.asyncDispose]: () => closeNamespace(space),
  };
}

async function openWire(netdelay: string, link: Link, { roundTripMs, lossPercent }: Wire): Promise<Network> {
  const client = await openNamespace(`${link}-c`);
  const server = await openNamespace(`${link}-s`);
  const perMillion = String(lossPercent * 10_000);
  const wire = spawn(netdelay, [client, server, String(roundTripMs / 2), perMillion], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(wire, 'close');
  await Promise.race([once(createInterface(wire.stdout), 'line'), failure(ended)]);
  await address(client, '10.77.0.1/24');
  await address(server, '10.77.0.2/24');
  return {
    description: `two network namespaces and a delay line, ${roundTripMs} ms round trip, ${lossPercent} % loss, reno`,
    address: '10.77.0.2',
    serverPrefix: inside(server),
    clientPrefix: inside(client),
    async [Symbol.asyncDispose]() {
      wire.kill();
      await ended;
      await closeNamespace(client);
      await closeNamespace(server);
    },
  };
}

async function failure(ended: Promise<unknown>): Promise<never> {
  await ended;
  throw new Error('the delay line did not start');
}

const inside = (space: string): [string, ...string[]] => ['ip', 'netns', 'exec', space];

/** Each bench has its own: two may run at a time. */
async function openNamespace(role: string): Promise<string> {
  const space = `rxftp-${role}-${process.pid}`;
  await runCommand('ip', 'netns', 'add', space);
  await runCommand('ip', '-n', space, 'link', 'set', 'lo', 'up');
  await setting(space, 'tcp_congestion_control', 'reno');
  // What one contender has learnt of the path is not the next one's.
  await setting(space, 'tcp_no_metrics_save', '1');
  return space;
}

async function closeNamespace(space: string): Promise<void> {
  await runCommand('ip', 'netns', 'del', space);
}

async function setting(space: string, name: string, value: string): Promise<void> {
  await runCommand(...inside(space), 'sh', '-c', `echo ${value} > /proc/sys/net/ipv4/${name}`);
}

async function address(space: string, cidr: string): Promise<void> {
  await runCommand('ip', '-n', space, 'addr', 'add', cidr, 'dev', 'delay0');
  await runCommand('ip', '-n', space, 'link', 'set', 'delay0', 'up', 'mtu', '1500');
}
