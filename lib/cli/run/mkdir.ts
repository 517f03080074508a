/** `rxftp mkdir`: makes directories. */
import { type Observable, tap } from 'rxjs';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output } = context;
  return eachPlace(context, ({ ftp, path }) =>
    ftp.mkd$(filePath(path)).pipe(
      tap((made) => {
        if (output.json) output.result({ path, made }, '');
      }),
    ),
  );
}
