/** `glob$` emits the files and directories of a tree whose paths match patterns. */
import { from, switchMap } from 'rxjs';
import { untilAborted } from '../../streams/abort-signal.js';
import { bindGate, deferFlow } from '../../streams/flow.js';
import type { ValueStream } from '../../streams/value-stream.js';
import { checkFlag } from '../exists.js';
import { openPlace } from './open-place.js';
import { openPatterns, type PatternOptions } from './patterns.js';
import type { Place } from './place.js';
import { readTree } from './read-tree.js';
import { treeEntries } from './tree-entries.js';
import type { TreeEntry } from './tree-entry.js';
import { checkWalkOptions, type WalkOptions, walkedBy } from './walk.js';

export interface GlobOptions extends WalkOptions, PatternOptions {}

/**
 * Emits the files and directories whose path below the place matches one of the patterns, as `walk$` would. Examples are `*.csv`, `20??/*`,
 * `**\/*.{jpg,png}`. The patterns are those of picomatch, with `/` between the parts on every system. A pattern that begins with `!`
 * excludes its matches; one that ends with `/` matches directories alone. It does not list a directory below which no pattern can match.
 *
 * Completes, errors, holds and is cancelled as `walk$`, for the directories that it lists. `FtpUsageError`, with nothing sent, for a
 * pattern that begins with `/` or has the part `..`: it would match nothing. `filter` and `depth` count besides.
 *
 * @example
 * ```ts
 * glob$(remote(ftp, '/logs'), ['2024-*\/*.log', '!**\/debug.log']).subscribe(({ path }) => console.log(path));
 * ```
 */
export function glob$(
  place: Place,
  patterns: string | readonly string[],
  options: GlobOptions = {},
): ValueStream<TreeEntry> {
  return deferFlow((gate) => {
    const { dot, nocase, ...walk } = options;
    checkWalkOptions(options, { dot: true, nocase: true });
    checkFlag('dot', dot);
    checkFlag('nocase', nocase);
    const tree = openPlace(place, 'glob$');
    const { visit, ...how } = walkedBy(walk);
    const entries$ = from(openPatterns(patterns, { dot, nocase })).pipe(
      switchMap((open) => {
        const events = readTree(tree, {
          ...how,
          visit: (entry) => {
            const { shown, entered } = visit(entry);
            return {
              shown: shown && open.matches(entry.path, entry.kind === 'directory'),
              entered: entered && open.canMatchBelow(entry.path),
            };
          },
        });
        return bindGate(events.pipe(treeEntries()), gate);
      }),
    );
    return untilAborted(entries$, options.signal);
  });
}
