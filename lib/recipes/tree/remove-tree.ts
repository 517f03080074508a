/** `removeTree$` and `emptyDirectory$`: a directory on a server with all that is in it. */
import { concat, defer, mergeMap, type Observable, of, throwError } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { lastName, withoutLastSlashes } from '../../client/operations/last-name.js';
import { FtpReplyError, FtpUsageError } from '../../errors.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { printable } from '../../protocol/printable.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { checkFlag } from '../exists.js';
import { withSignal } from '../with-signal.js';
import { remote } from './place.js';
import { RemoteTree } from './remote-tree.js';
import type { FtpTreeError } from './tree-error.js';
import { TreeRemover } from './tree-remover.js';

export interface EmptyDirectoryOptions {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface RemoveTreeOptions extends EmptyDirectoryOptions {
  /** Remove all that is in the directory, and leave itself. Default `false`. */
  readonly keepRoot?: boolean | undefined;
}

/** What was removed. */
export interface RemovedTree {
  /** Links and others count too. */
  readonly files: number;
  readonly directories: number;
}

/**
 * Removes the directory `path` with all that is in it, or a single file: DELE and RMD (RFC 959 section 4.1.3). Emits one value at the end and
 * completes; with zeros where there is no such directory.
 *
 * It never goes through a link: the link itself is removed. Since servers may show a link as a directory, each directory is given to DELE and
 * RMD before it is listed, which remove a link and an empty directory, and refuse another. Files that an earlier listing
 * did not show stay, and so does their directory.
 *
 * What cannot be removed costs itself and the directories above it: the rest is removed, the value is emitted, and then it errors with
 * `FtpTreeError`. Files are removed by up to four sessions of a client (`maxSessions`). The names of the directories on the way
 * are kept in memory.
 *
 * `FtpUsageError`, with nothing sent, for `''`, `/`, `.` and `..`, also at the end of `path`: `emptyDirectory$` empties those that are
 * there. Unsubscribing drops the reply to the command under way; no other one is sent, and what is removed stays so.
 *
 * @example
 * ```ts
 * removeTree$(ftp, '/backup/2019').subscribe(({ files }) => console.log(`${files} files removed`));
 * ```
 */
export function removeTree$(
  ftp: FtpOperations,
  path: string,
  options: RemoveTreeOptions = {},
): Observable<RemovedTree> {
  return defer(() => {
    requireKnownOptions(options, { keepRoot: true, signal: true });
    const { keepRoot = false, signal } = options;
    checkFlag('keepRoot', keepRoot);
    requireRemovable(path, keepRoot);
    const tree = new RemoteTree(remote(ftp, withoutLastSlashes(path) || '/'));
    const removed$ = withSignal((left) => remove(tree, keepRoot, left));
    return untilAborted(removed$.pipe(mergeMap(told)), signal);
  });
}

/**
 * Removes all that is in the directory `path`, and leaves the directory: `removeTree$` with `keepRoot`.
 *
 * Emits, completes and is cancelled as that. Errors with `FtpReplyError` where there is no such directory, and with `FtpUsageError` for a
 * link to one, as far as the server shows it: name the directory itself.
 *
 * @example
 * ```ts
 * emptyDirectory$(ftp, '/incoming').subscribe();
 * ```
 */
export function emptyDirectory$(
  ftp: FtpOperations,
  path: string,
  options: EmptyDirectoryOptions = {},
): Observable<RemovedTree> {
  return defer(() => {
    requireKnownOptions(options, { signal: true });
    return removeTree$(ftp, path, { ...options, keepRoot: true });
  });
}

/** What was removed, and the error of what was not. */
interface Removal {
  readonly removed: RemovedTree;
  readonly error: FtpTreeError | undefined;
}

function told({ removed, error }: Removal): Observable<RemovedTree> {
  return error === undefined
    ? of(removed)
    : concat(
        of(removed),
        throwError(() => error),
      );
}

async function remove(tree: RemoteTree, keepRoot: boolean, signal: AbortSignal): Promise<Removal> {
  const remover = new TreeRemover(tree, signal);
  try {
    if (keepRoot) await requireNoLink(tree, signal);
    await (keepRoot ? remover.contents('', 0) : remover.directory('', 0));
  } catch (error) {
    if (keepRoot || !(await isMissing(tree, error, signal))) throw error;
  }
  const { files, directories, errors } = remover;
  return { removed: { files, directories }, error: errors.whole() };
}

/** A refused listing may say that there is nothing to remove. */
async function isMissing(tree: RemoteTree, error: unknown, signal: AbortSignal): Promise<boolean> {
  if (!(error instanceof FtpReplyError) || error.transient || error.outcome !== 'refused') return false;
  try {
    return (await tree.stat('', signal)) === undefined;
  } catch {
    // The question has no answer: the refusal stands.
    return false;
  }
}

async function requireNoLink(tree: RemoteTree, signal: AbortSignal): Promise<void> {
  const entry = await tree.stat('', signal).catch((error: unknown) => {
    if (error instanceof FtpReplyError || error instanceof FtpUsageError) return undefined;
    throw error;
  });
  if (entry?.kind !== 'symlink') return;
  throw new FtpUsageError(
    `${printable(tree.at(''))} is a link, and nothing is removed through one: name the directory.`,
  );
}

/** A path that was left empty by mistake would remove all that there is. */
function requireRemovable(path: unknown, keepRoot: boolean): void {
  if (typeof path !== 'string' || path === '') {
    throw new FtpUsageError('The path of the directory is missing: nothing is removed.');
  }
  if (keepRoot || !['', '.', '..'].includes(lastName(path))) return;
  throw new FtpUsageError(`${printable(path)} cannot be removed itself: emptyDirectory$ removes what is in it.`);
}
