/** Looks at the local file of an upload. STOR empties the remote file before anything is read, so an unreadable one must not get that far. */
import type { Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { StorOptions } from '../client/operations/transfer-options.js';
import { FtpUsageError } from '../errors.js';
import { requireLocalStart } from '../sinks/file-source.js';
import { openNamed } from '../sinks/named-file.js';
import { type OpenRules, openRegular, requireRegular } from '../sinks/regular-file.js';
import type { LocalFile } from './remote-plan.js';

/** A file that a listing has found. */
export async function foundFile(path: string, rules: OpenRules): Promise<LocalFile> {
  await access(path, constants.R_OK);
  return regularFile(path, await requireRegular(path, rules), rules);
}

/** A file that the user names. It may be a FIFO or a device: then the user means that. */
export async function namedFile(path: string, { start = 0, resume }: StorOptions): Promise<LocalFile> {
  await access(path, constants.R_OK);
  const found = await stat(path);
  if (found.isDirectory()) throw new FtpUsageError(`Cannot upload ${path}: it is a directory.`);
  requireLocalStart(path, found, start);
  if (found.isFile()) return regularFile(path, found, { followsLinks: true });
  if (resume === true) {
    throw new FtpUsageError(`Cannot upload ${path} with the option resume: it is no regular file, and is read once.`);
  }
  return { path, size: undefined, modified: found.mtime, open: openNamed };
}

function regularFile(path: string, found: Stats, rules: OpenRules): LocalFile {
  const { size, mtime: modified } = found;
  return { path, size, modified, found, open: async (at) => (await openRegular(at, rules)).handle };
}
