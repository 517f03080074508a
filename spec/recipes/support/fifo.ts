/** Puts a FIFO in the place of a file, as another program may do at any time. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';

/** No program has its other end open. */
export function becomeFifo(path: string): void {
  rmSync(path, { force: true });
  execFileSync('mkfifo', [path]);
}

/** The running work of this process on files, such as an opening that waits. */
export function fileWork(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('FSReq'));
}

/** The open files of this process below a directory; only Linux tells them. */
export function openFilesIn(directory: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(pathOf)
    .filter((path) => path.startsWith(directory));
}

function pathOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // Of the listing itself.
    return '';
  }
}
