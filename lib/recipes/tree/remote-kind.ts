/** Finds out whether a path on a server is a directory, also through a link. */
import { lastValueFrom, take } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { FtpReplyError, FtpUnsupportedError } from '../../errors.js';
import { isRefusedForGood } from '../ask.js';

type Asking = Pick<FtpOperations, 'lookup$' | 'entries$'>;

/** The option `signal` of an operation, if there is one. */
export function until(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** A path that CWD can enter is a directory. Rejects if the server refuses for now, or if the connection fails. */
export async function isRemoteDirectory(ftp: Asking, path: string, signal?: AbortSignal): Promise<boolean> {
  try {
    // The dot leads behind a link.
    const entry$ = ftp.lookup$(path.endsWith('/') ? `${path}.` : `${path}/.`, until(signal));
    return (await lastValueFrom(entry$, { defaultValue: undefined }))?.kind === 'directory';
  } catch (error) {
    if (error instanceof FtpUnsupportedError) return canBeListed(ftp, path, signal);
    if (isRefusedForGood(error)) return false;
    throw error;
  }
}

/** `entries$` knows ways for names that others may misread. */
async function canBeListed(ftp: Asking, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const entries$ = ftp.entries$(path, { unparsed: 'report', ...until(signal) });
    await lastValueFrom(entries$.pipe(take(1)), { defaultValue: undefined });
    return true;
  } catch (error) {
    if (error instanceof FtpReplyError && !error.transient) return false;
    throw error;
  }
}
