/**
 * `stor$` with `resume` continues an upload after a drop.
 *
 * Its source must be readable again, since each try reads it anew. `resuming-upload.ts` makes the tries, and `transfer-tries.ts` decides
 * about the next one.
 */
import { Observable } from 'rxjs';
import { FtpUsageError } from '../../../errors.js';
import { untilAborted } from '../../../streams/abort-signal.js';
import type { TransferProgress } from '../../../streams/progress-meter.js';
import { type ByteSourceAt, type Rereadable, rereadable } from '../../../streams/rereadable.js';
import type { ByteSource } from '../../../streams/source.js';
import { checked, type OperationContext } from '../operation.js';
import type { StorOptions } from '../transfer-options.js';
import { ResumingUpload } from './resuming-upload.js';
import { TransferTries } from './transfer-tries.js';

export interface ResumedUpload {
  readonly path: string;
  readonly source: ByteSource | ByteSourceAt;
  readonly options: StorOptions;
  /** Throws for bad options at subscription. */
  readonly check: () => void;
}

/** STOR with `resume`. */
export function storeResuming$(context: OperationContext, asked: ResumedUpload): Observable<TransferProgress> {
  const { path, options, check } = asked;
  const upload$ = new Observable<TransferProgress>((subscriber) => {
    check();
    const source = requireRereadable(asked.source);
    const line = checked(context, 'STOR', path);
    const intervalMs = options.progressIntervalMs ?? context.settings.progressIntervalMs;
    const transfer = new ResumingUpload({
      path,
      options,
      source,
      line,
      intervalMs,
      emit: (progress) => {
        if (!subscriber.closed) subscriber.next(progress);
      },
      onFurther: () => tries.moved(),
    });
    const tries = new TransferTries(context, transfer, (end) =>
      end === undefined ? subscriber.complete() : subscriber.error(end.error),
    );
    return tries.start();
  });
  return untilAborted(upload$, options.signal);
}

function requireRereadable(source: ByteSource | ByteSourceAt): Rereadable {
  const found = rereadable(source);
  if (found !== undefined) return found;
  throw new FtpUsageError(
    'The option resume needs a source that can be read again: bytes, text, an array of them, a Blob, or a function (offset) => source.',
  );
}
