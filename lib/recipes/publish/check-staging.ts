/** Proves by the server's listings that the new tree is whole. No entry is missing or extra, and each file has its size. */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpTransferError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import { askIfTold } from '../ask.js';
import { remote } from '../tree/place.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import { walk$ } from '../tree/walk.js';
import type { Source } from './local-source.js';

export interface Staged {
  readonly staging: RemoteTree;
  readonly source: Source;
  readonly uploaded: ReadonlyMap<string, number>;
  readonly concurrency: number;
}

/** Rejects with FtpTransferError for a missing entry, or one that differs. */
export async function checkStaging(
  { staging, source, uploaded, concurrency }: Staged,
  signal: AbortSignal,
): Promise<void> {
  const walked$ = walk$(remote(staging.ftp, staging.at('')), { concurrency, signal });
  const listed = new Map<string, number | undefined>();
  const directories = new Set(source.directories);
  for (const { path, size } of await lastValueFrom(walked$.pipe(toArray()))) {
    if (!uploaded.has(path) && !directories.has(path)) throw differs(path, 'it is there and was not uploaded');
    listed.set(path, size);
  }
  for (const [path, bytes] of uploaded) {
    // Some listings leave out dotfiles, or sizes: then SIZE tells.
    const size = listed.get(path) ?? (await sizeOf(staging, path, signal));
    if (size === undefined && !listed.has(path)) throw differs(path, 'it was uploaded and is not there');
    if (size !== undefined && size !== bytes)
      throw differs(path, `it has ${size} bytes where ${bytes} were uploaded`, size);
  }
}

function sizeOf(staging: RemoteTree, path: string, signal: AbortSignal): Promise<number | undefined> {
  return askIfTold<number, 'size$'>(staging.ftp, 'size$', { path: staging.at(path), signal, option: 'verify' });
}

function differs(path: string, why: string, bytes = 0): FtpTransferError {
  return new FtpTransferError(`The new tree differs from the upload, at "${printable(path)}": ${why}.`, { bytes });
}
