/** `removeTree$` and `emptyDirectory$` remove a directory on a server, or its content. */
import { concat, defer, mergeMap, type Observable, of, throwError } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { lastName, withoutLastSlashes } from '../../client/operations/last-name.js';
import { FtpReplyError, FtpUnsupportedError, FtpUsageError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { printable } from '../../protocol/printable.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { checkFlag } from '../exists.js';
import { withSignal } from '../with-signal.js';
import { remote } from './place.js';
import { RemoteTree } from './remote-tree.js';
import type { FtpTreeError } from './tree-error.js';
import { isIncomplete } from './tree-faults.js';
import { TreeRemover } from './tree-remover.js';

export interface EmptyDirectoryOptions {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface RemoveTreeOptions extends EmptyDirectoryOptions {
  /** Remove the content of the directory, and keep the directory. Default `false`. */
  readonly keepRoot?: boolean | undefined;
}

/** The number of removed entries. */
export interface RemovedTree {
  /** Links and others count too. */
  readonly files: number;
  /** Counted as listed: a link that a server shows as a directory counts as one. */
  readonly directories: number;
}

/**
 * Removes the directory `path` with its whole content, or a single file: DELE and RMD (RFC 959 section 4.1.3). Emits one value at the end
 * and completes; with zeros if there is no such directory.
 *
 * It never goes through a link, and removes the link itself. A server may show a link as a directory. So it sends DELE and RMD for each
 * directory before it lists it. These remove a link and an empty directory, and the server refuses them for another one. If RMD is refused
 * for lack of rights, it enters only a directory that a row of `ls -l` has shown. Entries that no listing shows stay, and so does their
 * directory.
 *
 * Entries that cannot be removed stay, with the directories above them. It removes the rest, emits the value, and then errors with
 * `FtpTreeError`. Up to four sessions of a client (`maxSessions`) work on files and directories. They remove a directory after its content.
 * The recipe keeps the names of the directories on the paths of these in memory.
 *
 * `FtpUsageError`, with nothing sent, for `''`, `/`, `.` and `..`, also at the end of `path`: `emptyDirectory$` empties existing ones.
 * Unsubscribing drops the reply to the current command; no other command is sent, and removed entries stay removed.
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
    return untilAborted(removal$(tree, keepRoot), signal);
  });
}

/** Removes the root of `tree` with all that is in it, as `removeTree$` does; with `keepRoot`, what is in it. */
export function removal$(tree: RemoteTree, keepRoot: boolean = false): Observable<RemovedTree> {
  return withSignal((left) => remove(tree, keepRoot, left)).pipe(mergeMap(told));
}

/**
 * Removes the content of the directory `path`, and keeps the directory: `removeTree$` with `keepRoot`.
 *
 * Emits, completes and is cancelled as that. Errors with `FtpReplyError` if there is no such directory. A link to one is an
 * `FtpUsageError`, as far as the server shows it: name the directory itself.
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

/** The number of removed entries, and the error of the others. */
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
  const root = await lookedUp(tree, signal);
  if (keepRoot) {
    requireNoLink(tree, root);
    await remover.contents('', 0);
  } else if (root === undefined) await remover.directory('', 0, false);
  else if (root !== 'missing') await removeAs(root, remover);
  const { files, directories, errors } = remover;
  return { removed: { files, directories }, error: errors.whole() };
}

async function removeAs({ kind, dialect }: FileEntry, remover: TreeRemover): Promise<void> {
  if (kind === 'directory') await remover.directory('', 0, dialect === 'unix');
  else await remover.file('');
}

/** Undefined without an answer: the path then counts as that of a directory. */
async function lookedUp(tree: RemoteTree, signal: AbortSignal): Promise<FileEntry | 'missing' | undefined> {
  try {
    return (await tree.stat('', signal)) ?? 'missing';
  } catch (error) {
    if (error instanceof FtpReplyError || error instanceof FtpUnsupportedError || isIncomplete(error)) return undefined;
    throw error;
  }
}

function requireNoLink(tree: RemoteTree, root: FileEntry | 'missing' | undefined): void {
  if (typeof root !== 'object' || root.kind !== 'symlink') return;
  throw new FtpUsageError(
    `${printable(tree.at(''))} is a link, and nothing is removed through one: name the directory.`,
  );
}

/** A path that is empty by mistake would remove everything. */
function requireRemovable(path: unknown, keepRoot: boolean): void {
  if (typeof path !== 'string' || path === '') {
    throw new FtpUsageError('The path of the directory is missing: nothing is removed.');
  }
  if (keepRoot || !['', '.', '..'].includes(lastName(path))) return;
  throw new FtpUsageError(`${printable(path)} cannot be removed itself: emptyDirectory$ removes its content.`);
}
