/** `rxftp rm`: deletes a file, or with `--dir` an empty directory. */
import { type Observable, tap } from 'rxjs';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  return eachPlace(context, ({ ftp, path }) => {
    const file = filePath(path);
    const removed$ = options.dir === true ? ftp.rmd$(file) : ftp.dele$(file);
    return removed$.pipe(
      tap(() => {
        if (output.json) output.result({ path: file, removed: true }, '');
      }),
    );
  });
}
