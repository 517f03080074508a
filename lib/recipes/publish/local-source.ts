/** Reads the whole local tree before the upload, so that the new tree never lacks an unreadable part. */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpUsageError } from '../../errors.js';
import { command } from '../../protocol/command.js';
import { printable } from '../../protocol/printable.js';
import { remoteNames } from '../tree/names.js';
import type { LocalPlace } from '../tree/place.js';
import { nameOf, type TreeEntry } from '../tree/tree-entry.js';
import { walk$ } from '../tree/walk.js';
import type { PublishOptions } from './publish-options.js';

export interface Source {
  /** By their depth, so that each is behind the one it is in. */
  readonly directories: readonly string[];
  readonly files: readonly TreeEntry[];
  /** Links, and entries that are neither file nor directory. */
  readonly skipped: readonly TreeEntry[];
}

/** Rejects with FtpTreeError if a directory cannot be listed, with FtpUsageError for a name that cannot be sent. */
export async function readSource(from: LocalPlace, options: PublishOptions, signal: AbortSignal): Promise<Source> {
  const { links = 'skip', filter } = options;
  const walked$ = walk$(from, { links: links === 'follow' ? 'follow' : 'show', filter, signal });
  const entries = await lastValueFrom(walked$.pipe(toArray()));
  for (const { path } of entries) requireSendable(path);
  const directories = entries.filter(({ kind }) => kind === 'directory');
  return {
    directories: directories.sort((a, b) => a.depth - b.depth).map(({ path }) => path),
    files: entries.filter(({ kind }) => kind === 'file'),
    skipped: entries.filter(({ kind }) => kind === 'symlink' || kind === 'other'),
  };
}

function requireSendable(path: string): void {
  const fault = remoteNames(nameOf(path));
  if (fault !== undefined) throw new FtpUsageError(`"${printable(path)}" cannot be published: its name ${fault}.`);
  command('STOR', path);
}
