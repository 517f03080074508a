/** `rxftp du` adds up the sizes of directories, with everything below them. */
import { type Observable, tap } from 'rxjs';
import { remote, usage$ } from '../../recipes/index.js';
import { sizeText } from '../screen/entry-view.js';
import type { Context } from '../session/context.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output } = context;
  return eachPlace(context, ({ ftp, path }) =>
    usage$(remote(ftp, path)).pipe(
      tap(({ bytes, files, directories }) => {
        const counts = `${files} files, ${directories} directories`;
        const shown = output.safe(path === '' ? '.' : path);
        output.result({ path, bytes, files, directories }, `${sizeText(bytes)}  ${shown}  (${counts})`);
      }),
    ),
  );
}
