/** `rxftp mkdir` makes directories. */
import { map, type Observable, tap } from 'rxjs';
import { ensureDirectory$ } from '../../recipes/index.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  return eachPlace(context, ({ ftp, path }) => {
    const directory = filePath(path);
    const made$ =
      options.parents === true ? ensureDirectory$(ftp, directory) : ftp.mkd$(directory).pipe(map(() => true));
    return made$.pipe(
      tap((made) => {
        if (output.json) output.result({ path: directory, made }, '');
      }),
    );
  });
}
