/** `usage$` counts the bytes, files and directories of a tree. */
import type { Observable } from 'rxjs';
import { defer, type OperatorFunction } from 'rxjs';
import { untilAborted } from '../../streams/abort-signal.js';
import { flowOperator } from '../../streams/flow.js';
import { openPlace } from './open-place.js';
import type { Place } from './place.js';
import { readTree, type TreeEvent } from './read-tree.js';
import { TreeErrors } from './tree-error.js';
import { checkWalkOptions, type WalkOptions, walkedBy } from './walk.js';

/** The size of a tree. */
export interface TreeUsage {
  /** The sum of the files' sizes, as the listings name them; a file whose listing names none counts as 0. */
  readonly bytes: number;
  /** Links and others count too. */
  readonly files: number;
  /** Without the root. */
  readonly directories: number;
}

/**
 * Adds a tree up: emits one value and completes. The options are those of `walk$`; entries that `filter` refuses do not count.
 *
 * Errors as `walk$`. If a directory cannot be listed, it first emits the value of all it has seen, and then errors with `FtpTreeError`.
 * Unsubscribing aborts the listings under way. Memory does not grow with the tree.
 *
 * @example
 * ```ts
 * usage$(remote(ftp, '/pub')).subscribe(({ bytes, files }) => console.log(files, bytes));
 * ```
 */
export function usage$(place: Place, options: WalkOptions = {}): Observable<TreeUsage> {
  return defer(() => {
    checkWalkOptions(options);
    const usage$ = readTree(openPlace(place, 'usage$'), walkedBy(options)).pipe(addedUp());
    return untilAborted(usage$, options.signal);
  });
}

function addedUp(): OperatorFunction<TreeEvent, TreeUsage> {
  return flowOperator((subscriber) => {
    const errors = new TreeErrors();
    let bytes = 0;
    let files = 0;
    let directories = 0;
    return {
      next(event) {
        if (event.type === 'failed') errors.add(event.path, event.error);
        if (event.type !== 'entry') return;
        const { kind, size = 0 } = event.entry;
        if (kind === 'directory') directories += 1;
        else files += 1;
        if (kind === 'file') bytes += size;
      },
      complete() {
        subscriber.next({ bytes, files, directories });
        const error = errors.whole();
        if (error === undefined) subscriber.complete();
        else subscriber.error(error);
      },
    };
  });
}
