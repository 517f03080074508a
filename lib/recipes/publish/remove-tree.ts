/** Removes a directory with all that is in it. Links are removed, and never gone through. */
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { FtpReplyError } from '../../errors.js';
import { isRefusedForGood } from '../ask.js';
import { remote } from '../tree/place.js';
import { RemoteTree } from '../tree/remote-tree.js';
import { walk$ } from '../tree/walk.js';

export interface Removal {
  readonly tree: RemoteTree;
  readonly path: string;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

export async function removeTree({ tree, path, concurrency, signal }: Removal): Promise<void> {
  const until = signal === undefined ? {} : { signal };
  const inside = new RemoteTree(remote(tree.ftp, tree.at(path)));
  const walked$ = walk$(remote(tree.ftp, tree.at(path)), { concurrency, ...until });
  const entries = await lastValueFrom(walked$.pipe(toArray()));
  const files = entries.filter(({ kind }) => kind !== 'directory');
  const removed$ = from(files).pipe(mergeMap((file) => inside.removeFile(file.path, signal), concurrency));
  await lastValueFrom(removed$, { defaultValue: undefined });
  const directories = entries.filter(({ kind }) => kind === 'directory').sort((a, b) => b.depth - a.depth);
  for (const directory of directories) await inside.removeDirectory(directory.path, signal);
  await tree.removeDirectory(path, signal);
}

/** The same of a tree that may be not there. */
export async function removeIfThere(removal: Removal): Promise<void> {
  try {
    await removeTree(removal);
  } catch (error) {
    const isRefused = error instanceof FtpReplyError && isRefusedForGood(error);
    if (!isRefused || (await removal.tree.stat(removal.path)) !== undefined) throw error;
  }
}
