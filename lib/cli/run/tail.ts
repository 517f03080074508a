/**
 * `rxftp tail` prints the last lines of a file, from its last bytes.
 *
 * It does not know the number of these bytes. It reads a few first, and four times as many until they hold enough lines.
 */
import { concatMap, defer, from, type Observable, of } from 'rxjs';
import { collectBytes, type FtpClient, paced } from '../../index.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { extentOf } from './counts.js';
import { firstPlace } from './first-place.js';

const LINE_FEED = 0x0a;
const LEAST_BYTES = 16 * 1024;

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  const { unit, count } = extentOf(options);
  return firstPlace(context, ({ ftp, path }) => {
    if (unit === 'bytes')
      return ftp.retr$(filePath(path), { start: -count }).pipe(paced((chunk) => output.write(chunk)));
    return lastLines$(ftp, filePath(path), count).pipe(concatMap((bytes) => from(output.write(bytes))));
  });
}

function lastLines$(ftp: FtpClient, path: string, count: number, bytes = LEAST_BYTES): Observable<Uint8Array> {
  return defer(() => ftp.retr$(path, { start: -bytes }).pipe(collectBytes())).pipe(
    concatMap((end) => {
      const at = startOfLines(end, count);
      // Fewer bytes than asked for: this is the whole file.
      if (at > 0 || end.length < bytes) return of(end.subarray(at));
      return lastLines$(ftp, path, count, bytes * 4);
    }),
  );
}

/** The offset of the last `count` lines; 0 if there are not more than these. */
export function startOfLines(bytes: Uint8Array, count: number): number {
  let at = bytes.at(-1) === LINE_FEED ? bytes.length - 1 : bytes.length;
  for (let left = count; left > 0; left -= 1) {
    if (at === 0) return 0;
    at = bytes.lastIndexOf(LINE_FEED, at - 1);
    if (at === -1) return 0;
  }
  return at + 1;
}
