/** Gives the copies of a plan their client: at a limited rate, and with a harmless refusal of times. */
import { catchError, map, type Observable, of } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { FtpReplyError } from '../../errors.js';
import type { ByteStream } from '../../streams/byte-stream.js';
import { paced } from '../../streams/paced.js';
import { withSignal } from '../with-signal.js';
import type { SharedRate } from './shared-rate.js';

/** Downloads at the rate. */
export function limitedRetr(ftp: Pick<FtpOperations, 'retr$'>, rate: SharedRate | undefined): FtpOperations['retr$'] {
  return (path, options) => {
    const bytes$ = ftp.retr$(path, options);
    if (rate === undefined) return bytes$;
    return bytes$.pipe(paced((chunk: Uint8Array) => passing$(chunk, rate))) as ByteStream;
  };
}

function passing$(chunk: Uint8Array, rate: SharedRate): Observable<Uint8Array> {
  return withSignal((signal) => rate.pass(chunk.length, signal)).pipe(map(() => chunk));
}

/** So much is let pass at once. */
const PIECE = 64 * 1024;

/** A source at the rate, piece by piece. The signal ends a wait. */
export async function* limitedSource(
  source: AsyncIterable<Uint8Array>,
  rate: SharedRate,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE);
      await rate.pass(piece.length, signal);
      yield piece;
    }
  }
}

/** Sets times as long as the server does: most that do not let it refuse it for every file. */
export class TolerantTimes {
  readonly #ftp: Pick<FtpOperations, 'mfmt$'>;
  #refused: FtpReplyError | undefined;

  constructor(ftp: Pick<FtpOperations, 'mfmt$'>) {
    this.#ftp = ftp;
  }

  /** Emits a reply, be it a refusal. Errors with what is no refusal for good. */
  readonly mfmt$: FtpOperations['mfmt$'] = (path, date, options) => {
    if (this.#refused !== undefined) return of(this.#refused.reply);
    return this.#ftp.mfmt$(path, date, options).pipe(
      catchError((error: unknown) => {
        if (!(error instanceof FtpReplyError) || error.transient) throw error;
        this.#refused = error;
        return of(error.reply);
      }),
    );
  };
}
