/** `ensureDirectory$` makes a directory on a server, with the directories above it. */
import { defer, lastValueFrom, type Observable } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { withoutLastSlashes } from '../../client/operations/last-name.js';
import { FtpError, FtpSecurityError, FtpUsageError } from '../../errors.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { withSignal } from '../with-signal.js';
import { isRemoteDirectory, until } from './remote-kind.js';

/** The client's operations that `ensureDirectory$` needs. */
export type EnsureDirectoryFtp = Pick<FtpOperations, 'mkd$' | 'lookup$' | 'entries$'>;

export interface EnsureDirectoryOptions {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the directory `path`, and the missing ones above it, as `mkdir -p` does. Emits `true` if it made the directory, `false` if that
 * existed, and completes.
 *
 * It sends MKD first (RFC 959 section 4.1.3). Servers refuse an existing directory by many codes, and another client may make it at the
 * same time. So after a refusal, or a lost reply, it checks whether the directory exists. A link to a directory counts as one.
 *
 * Errors with MKD's refusal if it does not. Directories that it has made above it stay. Unsubscribing drops the reply, and does not undo a
 * sent command.
 *
 * @example
 * ```ts
 * ensureDirectory$(ftp, '/backup/2024/02').subscribe();
 * ```
 */
export function ensureDirectory$(
  ftp: EnsureDirectoryFtp,
  path: string,
  options: EnsureDirectoryOptions = {},
): Observable<boolean> {
  return defer(() => {
    requireKnownOptions(options, { signal: true });
    if (typeof path !== 'string' || path === '') {
      throw new FtpUsageError('ensureDirectory$ needs the path of a directory.');
    }
    const directory = withoutLastSlashes(path) || '/';
    return untilAborted(
      withSignal((signal) => ensure(ftp, directory, signal)),
      options.signal,
    );
  });
}

async function ensure(ftp: EnsureDirectoryFtp, path: string, signal: AbortSignal): Promise<boolean> {
  if ((await made(ftp, path, signal)) === undefined) return true;
  if (await isRemoteDirectory(ftp, path, signal)) return false;
  const above = directoryAbove(path);
  if (above !== undefined) await ensure(ftp, above, signal);
  const refusal = await made(ftp, path, signal);
  if (refusal === undefined) return true;
  if (await isRemoteDirectory(ftp, path, signal)) return false;
  throw refusal;
}

/** Undefined if it is made; else the error after which it may be there. */
async function made(ftp: EnsureDirectoryFtp, path: string, signal: AbortSignal): Promise<FtpError | undefined> {
  try {
    await lastValueFrom(ftp.mkd$(path, until(signal)));
    return undefined;
  } catch (error) {
    if (error instanceof FtpError && error.outcome !== 'none' && !(error instanceof FtpSecurityError)) return error;
    throw error;
  }
}

/** Undefined where only the root or the current directory is above. */
function directoryAbove(path: string): string | undefined {
  const above = withoutLastSlashes(path.slice(0, path.lastIndexOf('/') + 1));
  return above === '' || above === '.' || above === path ? undefined : above;
}
