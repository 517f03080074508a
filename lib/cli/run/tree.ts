/** `rxftp tree` prints a directory with everything below it. */
import { type Observable, tap } from 'rxjs';
import { remote, type TreeEntry, walk$ } from '../../recipes/index.js';
import { entryValue, joined, shownName } from '../screen/entry-view.js';
import { treeLines } from '../screen/tree-lines.js';
import type { Context, Place } from '../session/context.js';
import { trimmed } from '../session/target.js';
import { eachPlace } from './each-place.js';
import { shownAtEnd } from './shown-at-end.js';
import { depthOf } from './walk-options.js';

export function run(context: Context): Observable<unknown> {
  const depth = depthOf(context.options);
  return eachPlace(context, (place) => tree$(context, place, depth));
}

/** With JSON the entries come as they are listed. For people they are put in order first. */
function tree$({ output }: Context, { ftp, path }: Place, depth: number | undefined): Observable<unknown> {
  const entries$: Observable<TreeEntry> = walk$(remote(ftp, path), { depth });
  if (output.json) {
    return entries$.pipe(tap((entry) => output.result(entryValue(entry, joined(trimmed(path), entry.path)), '')));
  }
  return entries$.pipe(
    shownAtEnd((entries) => {
      const lines = treeLines(entries, (entry) => shownName(entry, output));
      return output.write(`${[output.safe(path === '' ? '.' : path), ...lines].join('\n')}\n`);
    }),
  );
}
