/** `rxftp hash` prints the server's checksums in the format of `sha256sum --tag`, which can check them. */
import { type Observable, tap } from 'rxjs';
import type { HashOptions } from '../../index.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  const { algorithm } = options;
  const asked = typeof algorithm === 'string' ? { algorithm: algorithm as HashOptions['algorithm'] } : {};
  return eachPlace(context, ({ ftp, path }) =>
    ftp
      .hash$(filePath(path), asked)
      .pipe(
        tap((hash) =>
          output.result({ path, ...hash }, `${hash.algorithm.replace('-', '')} (${output.safe(path)}) = ${hash.value}`),
        ),
      ),
  );
}
