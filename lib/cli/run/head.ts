/** `rxftp head` prints the first lines of a file. It then aborts the transfer. */
import { type Observable, takeWhile } from 'rxjs';
import { paced } from '../../index.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { extentOf } from './counts.js';
import { firstPlace } from './first-place.js';

const LINE_FEED = 0x0a;

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  const { unit, count } = extentOf(options);
  return firstPlace(context, ({ ftp, path }) => {
    if (unit === 'bytes') return ftp.retr$(filePath(path), { end: count }).pipe(paced((chunk) => output.write(chunk)));
    const first = new FirstLines(count);
    return ftp.retr$(filePath(path)).pipe(
      paced(async (chunk) => {
        await output.write(first.take(chunk));
        return first.isFull;
      }),
      takeWhile((isFull) => !isFull),
    );
  });
}

/** Counts line ends in chunks. */
export class FirstLines {
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  get isFull(): boolean {
    return this.#left === 0;
  }

  /** The part of the chunk that belongs to the first lines. */
  take(chunk: Uint8Array): Uint8Array {
    let end = 0;
    while (this.#left > 0) {
      const at = chunk.indexOf(LINE_FEED, end);
      if (at === -1) return chunk;
      end = at + 1;
      this.#left -= 1;
    }
    return chunk.subarray(0, end);
  }
}
