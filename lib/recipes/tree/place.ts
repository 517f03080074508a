/** Makes places of trees as values: a local directory, or one on a server. A place reads and sends nothing before a recipe uses it. */
import type { FtpOperations } from '../../client/ftp-operations.js';
import { FtpUsageError } from '../../errors.js';

/** A directory of this machine, made by `local`. */
export interface LocalPlace {
  readonly side: 'local';
  /** As you gave it; a relative one is below the process's working directory. */
  readonly directory: string;
}

/** A directory on a server, made by `remote`. */
export interface RemotePlace {
  readonly side: 'remote';
  /** As you gave it; a relative one, or `''`, is below the session's current directory. */
  readonly directory: string;
  /** The client, or the session, that the recipe runs on. */
  readonly ftp: FtpOperations;
}

/** The place of a tree. */
export type Place = LocalPlace | RemotePlace;

/**
 * A directory of this machine, for `walk$` and the other recipes on trees. If `directory` itself is a link, recipes follow it; no recipe
 * writes through a link inside of it.
 *
 * Throws `FtpUsageError` for a value that is no path.
 *
 * @example
 * ```ts
 * walk$(local('site')).subscribe(({ path }) => console.log(path));
 * ```
 */
export function local(directory: string): LocalPlace {
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw new FtpUsageError('local() needs the path of a directory, without NUL.');
  }
  return Object.freeze({ side: 'local', directory });
}

/**
 * A directory on a server, for `walk$` and the other recipes on trees. Without `directory` it is the current one.
 *
 * Throws `FtpUsageError` for a value that is no path, or no client.
 *
 * @param ftp an `FtpClient`, whose `maxSessions` limits the number of directories that are listed at a time; or an `FtpSession`.
 *
 * @example
 * ```ts
 * walk$(remote(ftp, '/pub')).subscribe(({ path, size }) => console.log(path, size));
 * ```
 */
export function remote(ftp: FtpOperations, directory: string = ''): RemotePlace {
  if (typeof directory !== 'string' || /[\r\n\0]/.test(directory)) {
    throw new FtpUsageError('remote() needs the path of a directory, without CR, LF or NUL.');
  }
  if (typeof (ftp as Partial<FtpOperations> | undefined)?.entries$ !== 'function') {
    throw new FtpUsageError('remote() needs an FtpClient or an FtpSession first, and then the path of a directory.');
  }
  return Object.freeze({ side: 'remote', directory, ftp });
}
