/** `walk$` emits every file and directory of a tree, local or remote. */
import { FtpUsageError } from '../../errors.js';
import { requireCount, requireLimit } from '../../protocol/check-number.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { bindGate, deferFlow } from '../../streams/flow.js';
import type { ValueStream } from '../../streams/value-stream.js';
import { openPlace } from './open-place.js';
import type { Place } from './place.js';
import { type ReadTreeOptions, readTree } from './read-tree.js';
import { treeEntries } from './tree-entries.js';
import type { TreeEntry } from './tree-entry.js';

export interface WalkOptions {
  /** The deepest level: 0 emits the root's own entries only. Default: the whole tree. */
  readonly depth?: number | undefined;
  /** If it returns false, the walk does not emit the entry, and does not enter the directory. */
  readonly filter?: ((entry: TreeEntry) => boolean) | undefined;
  /**
   * The number of directories that are listed at a time. A client lists as many as it has sessions (`maxSessions`), and the others wait.
   * Default 4.
   */
  readonly concurrency?: number | undefined;
  /**
   * `'show'` (default): a link is an entry of kind `symlink`. `'follow'`: the walk emits the link's target under the link's name, also
   * outside of the root, and enters a directory. A link that leads nowhere stays one. If the way has already led through a directory, the
   * walk emits it, and does not enter it again. That holds in either case, since some servers show links as directories.
   */
  readonly links?: 'show' | 'follow' | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const WALK_NAMES: Readonly<Record<keyof WalkOptions, true>> = {
  depth: true,
  filter: true,
  concurrency: true,
  links: true,
  signal: true,
};

/**
 * Walks a tree: emits each file and directory as the listing of its directory comes, a directory before its content. It does not emit the
 * root itself. It emits dotfiles, on servers that list them. The entries of two directories may come mixed, in the order of the listings.
 *
 * Completes when the whole tree was read. If a directory cannot be listed, it emits the rest, and then errors with `FtpTreeError`. Its
 * `errors` have a `path` each. It does the same, with an
 * `FtpProtocolError`, for rows that were not understood and for names that lead elsewhere. The error of the root itself is that of its listing. A refused login or a lost session ends the walk at
 * once.
 *
 * `for await` holds the walk: while a value waits, it begins no other directory, and keeps at most 10 000 entries. A subscriber cannot hold
 * it. Memory does not grow with the tree. The walk keeps the directories that wait for their listing, which are the neighbours of the
 * current ones' parents. Unsubscribing aborts the listings under way.
 *
 * @example
 * ```ts
 * for await (const { path, size } of walk$(remote(ftp, '/pub'), { filter: ({ name }) => name !== 'old' })) {
 *   console.log(path, size);
 * }
 * ```
 */
export function walk$(place: Place, options: WalkOptions = {}): ValueStream<TreeEntry> {
  return deferFlow((gate) => {
    checkWalkOptions(options);
    const events = readTree(openPlace(place, 'walk$'), walkedBy(options));
    return untilAborted(bindGate(events.pipe(treeEntries()), gate), options.signal);
  });
}

/** The rules by which a walk emits and enters, from these options. */
export function walkedBy({
  depth = Number.POSITIVE_INFINITY,
  filter,
  concurrency,
  links,
}: WalkOptions): ReadTreeOptions {
  return {
    concurrency: concurrency ?? 4,
    links: links ?? 'show',
    visit: (entry) => {
      const shown = filter === undefined || filter(entry);
      return { shown, entered: shown && entry.depth < depth };
    },
  };
}

/** Throws FtpUsageError for unknown options of a walk; `more` names further ones. */
export function checkWalkOptions(options: WalkOptions, more: Readonly<Record<string, true>> = {}): void {
  requireKnownOptions(options, { ...WALK_NAMES, ...more });
  const { depth, filter, concurrency, links } = options;
  if (depth !== undefined && depth !== Number.POSITIVE_INFINITY) requireCount('The option depth', depth);
  if (concurrency !== undefined) requireLimit('The option concurrency', concurrency);
  if (filter !== undefined && typeof filter !== 'function') {
    throw new FtpUsageError('The option filter must be a function of an entry.');
  }
  if (links !== undefined && links !== 'show' && links !== 'follow') {
    throw new FtpUsageError("The option links must be 'show' or 'follow'.");
  }
}
