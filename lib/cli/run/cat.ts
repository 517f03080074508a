/** `rxftp cat` writes files to stdout, byte by byte as they are. */
import type { Observable } from 'rxjs';
import { paced } from '../../index.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { eachPlace } from './each-place.js';
import { limited, rateOf } from './rate.js';

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  const rate = rateOf(options.limitRate);
  return eachPlace(context, ({ ftp, path }) =>
    ftp.retr$(filePath(path)).pipe(
      limited(rate),
      paced((chunk) => output.write(chunk)),
    ),
  );
}
