/** `rxftp mv` renames a file, or moves it on the same server. */
import { type Observable, tap } from 'rxjs';
import { wrongUsage } from '../session/command-error.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { firstPlace } from './first-place.js';

export function run(context: Context): Observable<unknown> {
  const { args, output } = context;
  const to = args[1] ?? '';
  if (to === '') throw wrongUsage('The new path is empty.');
  return firstPlace(context, ({ ftp, path }) =>
    ftp.rename$(filePath(path), to).pipe(
      tap(() => {
        if (output.json) output.result({ from: filePath(path), to }, '');
      }),
    ),
  );
}
