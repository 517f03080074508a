/**
 * Tells directories from links that a server shows as directories, by trying to remove them.
 *
 * DELE removes a link on POSIX, RMD on Windows. Both refuse a directory with files (inetutils removes an empty one by DELE).
 */
import { speaksOfRights } from '../../client/operations/listing-refusals.js';
import { FtpProtocolError, FtpReplyError, FtpUsageError } from '../../errors.js';
import { isFatal } from './tree-faults.js';
import type { TreePlace } from './tree-place.js';

type Removing = Pick<TreePlace, 'removeFile' | 'removeDirectory'>;

/**
 * Removes `path` if it is a link, or an empty directory: resolves with undefined then. Else with the refusal of RMD. Rejects where
 * nothing else could be removed either.
 */
export async function linkRefusal(tree: Removing, path: string, signal: AbortSignal): Promise<Error | undefined> {
  const isGone = (await refusal(() => tree.removeFile(path, signal), signal)) === undefined;
  return isGone ? undefined : refusal(() => tree.removeDirectory(path, signal), signal);
}

/** For lack of rights, a link is refused as a directory is, and its target may grant more rights. */
export function isRefusalOfLink(error: Error): boolean {
  return !(error instanceof FtpReplyError) || error.transient || speaksOfRights(error.reply.text);
}

/** Undefined if it is removed. */
async function refusal(remove: () => Promise<void>, signal: AbortSignal): Promise<Error | undefined> {
  try {
    await remove();
    return undefined;
  } catch (error) {
    if (signal.aborted || isFatal(error, false) || !isRefusal(error)) throw error;
    return error;
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof FtpReplyError || error instanceof FtpUsageError || error instanceof FtpProtocolError;
}
