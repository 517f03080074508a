/** `rxftp find` prints the paths below a directory, or the paths that match a pattern. */
import { filter, type Observable, tap } from 'rxjs';
import { glob$, remote, type TreeEntry, walk$ } from '../../recipes/index.js';
import { entryValue, joined } from '../screen/entry-view.js';
import type { Context } from '../session/context.js';
import { trimmed } from '../session/target.js';
import { firstPlace } from './first-place.js';
import { depthOf } from './walk-options.js';

export function run(context: Context): Observable<unknown> {
  const { args, options, output } = context;
  const [, pattern] = args;
  const { type } = options;
  const depth = depthOf(options);
  return firstPlace(context, ({ ftp, path }) => {
    const place = remote(ftp, path);
    const found$: Observable<TreeEntry> =
      pattern === undefined ? walk$(place, { depth }) : glob$(place, pattern, { depth, dot: true });
    return found$.pipe(
      filter(({ kind }) => type === undefined || kind === type),
      tap((entry) => {
        const full = joined(trimmed(path), entry.path);
        output.result(entryValue(entry, full), output.safe(full));
      }),
    );
  });
}
