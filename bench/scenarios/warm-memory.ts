/**
 * Memory that the machine has at hand before a run that is timed.
 *
 * A virtual machine returns idle memory to its host after some seconds. The next use waits for the host to find it again: up to 2.5 s for
 * each GiB, which is more than most runs here take. So memory is used and let go right before each run, alike for all: several times what
 * the run fills, since the kernel does not hand out first what it got back last.
 */
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRandom } from './content.js';

const TIMES = 3;
/** What processes and sockets need besides files. */
const SLACK_BYTES = 256 * 2 ** 20;

/** Fills and removes a file in `directory`, for a run that leaves `bytes` in files. */
export async function warmMemory(directory: string, bytes: number): Promise<void> {
  const path = join(directory, 'warming');
  const { bavail, bsize } = await statfs(directory);
  await writeRandom(path, Math.min(TIMES * bytes + SLACK_BYTES, (bavail * bsize) / 2));
  await rm(path);
}
