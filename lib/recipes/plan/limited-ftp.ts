/** Gives the copies of a plan their client: at a limited rate, and with a harmless refusal of times. */
import { catchError, concatMap, from, map, type Observable, of } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { FtpReplyError } from '../../errors.js';
import type { ByteStream } from '../../streams/byte-stream.js';
import { paced } from '../../streams/paced.js';
import type { ByteSource } from '../../streams/source.js';
import { byteStream } from '../../streams/source-stream.js';
import { withSignal } from '../with-signal.js';
import type { SharedRate } from './shared-rate.js';

/** So much is let pass at once. */
const PIECE = 64 * 1024;

/** Downloads at the rate. */
export function limitedRetr(ftp: Pick<FtpOperations, 'retr$'>, rate: SharedRate | undefined): FtpOperations['retr$'] {
  return (path, options) => {
    const bytes$ = ftp.retr$(path, options);
    if (rate === undefined) return bytes$;
    return bytes$.pipe(paced((chunk: Uint8Array) => passing$(chunk, rate))) as ByteStream;
  };
}

/** The same bytes at the rate, as the source of an upload. */
export function limitedSource(source: ByteSource, rate: SharedRate): Observable<Uint8Array> {
  return byteStream(source).pipe(
    paced((chunk) => from(pieces(chunk)).pipe(concatMap((piece) => passing$(piece, rate)))),
  );
}

function passing$(chunk: Uint8Array, rate: SharedRate): Observable<Uint8Array> {
  return withSignal((signal) => rate.pass(chunk.length, signal)).pipe(map(() => chunk));
}

/** A file is read in larger chunks than are let pass at once. */
function* pieces(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
}

/** Sets times as long as the server does: most that do not let it refuse it for every file. */
export class TolerantTimes {
  readonly #ftp: Pick<FtpOperations, 'mfmt$'>;
  #refused: FtpReplyError | undefined;

  constructor(ftp: Pick<FtpOperations, 'mfmt$'>) {
    this.#ftp = ftp;
  }

  /** Emits a reply, be it a refusal. Errors with any error but a permanent refusal. */
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
