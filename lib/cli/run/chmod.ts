/** `rxftp chmod` sets permissions, in octal. */
import { type Observable, tap } from 'rxjs';
import { modeText } from '../screen/entry-view.js';
import { wrongUsage } from '../session/command-error.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { firstPlace } from './first-place.js';

export function run(context: Context): Observable<unknown> {
  const { args, output } = context;
  const mode = args[1] ?? '';
  if (!/^[0-7]{1,4}$/.test(mode)) throw wrongUsage('The mode is octal, as in 644 or 0755.');
  return firstPlace(context, ({ ftp, path }) =>
    ftp.chmod$(filePath(path), mode).pipe(
      tap(() => {
        if (output.json) output.result({ path, mode: modeText(Number.parseInt(mode, 8)) }, '');
      }),
    ),
  );
}
