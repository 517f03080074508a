/** Reports the result of a transfer when it is done. */
import { last, type MonoTypeOperatorFunction, tap } from 'rxjs';
import type { FileProgress } from '../../recipes/index.js';
import { sizeText } from '../screen/entry-view.js';
import type { Output } from '../screen/output.js';
import { durationText } from '../screen/progress-bar.js';

/** Prints one JSON value, or for people one line on stderr: the result of a transfer is the file. */
export function tellLast(
  output: Output,
  named: (done: FileProgress) => object,
): MonoTypeOperatorFunction<FileProgress> {
  return (source) =>
    source.pipe(
      last(),
      tap((done) => {
        const { bytes, elapsedMs, bytesPerSecond, verified, verifiedBy, resumedFrom, skipped = false } = done;
        const names = named(done);
        if (output.json)
          output.result(
            {
              ...names,
              bytes,
              elapsedMs: Math.round(elapsedMs),
              bytesPerSecond: Math.round(bytesPerSecond),
              resumedFrom,
              verified,
              verifiedBy,
              skipped,
            },
            '',
          );
        else output.note(summary(output, Object.values(names).join(' -> '), done));
      }),
    );
}

function summary(output: Output, names: string, { bytes, elapsedMs, verifiedBy, skipped }: FileProgress): string {
  if (skipped === true) return `${output.safe(names)}: left as it was`;
  const proof = verifiedBy === undefined ? 'not verified' : `verified by ${verifiedBy}`;
  return `${output.safe(names)}: ${sizeText(bytes)} in ${durationText(elapsedMs)}, ${proof}`;
}
