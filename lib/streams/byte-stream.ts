/**
 * Makes the bytes of one transfer an Observable, an async iterable, and a source of pipes into Node streams.
 *
 * All three slow the socket down if they can (see `Flow`). Each subscription, iteration or pipe is its own transfer. A chunk belongs to the
 * code that receives it. Stages that borrow (see `ByteFlow`: files, hashes, counters) never pass one on.
 */
import type { Readable } from 'node:stream';
import type { Observable, OperatorFunction, UnaryFunction } from 'rxjs';
import { ByteFlow } from './byte-flow.js';
import type { ByteProducer } from './byte-sink.js';
import { isWritable, pipeTo } from './pump.js';
import type { ValueStream } from './value-stream.js';

/**
 * The bytes of one transfer, in order. Cold: each subscription, iteration and `pipe` into a stream runs a transfer.
 *
 * Emits chunks of any size, never empty, that belong to the receiver. Completes when the data has ended and the server's
 * final reply is a good one; errors with an `FtpError` otherwise. Unsubscribing, leaving a `for await` loop or closing the
 * destination aborts the transfer on the server.
 *
 * @example
 * ```ts
 * await pipeline(ftp.retr$('/a.gz'), createGunzip(), createWriteStream('a'));
 * for await (const chunk of ftp.retr$('/a.iso')) hash.update(chunk);
 * ```
 */
export interface ByteStream extends ValueStream<Uint8Array> {
  /**
   * Applies RxJS operators; or, given a Node writable, writes everything to it and returns it.
   *
   * Into a writable: starts at once, and holds the socket while the writable is behind. It ends the writable after the last byte (not
   * `process.stdout` and `process.stderr`), and destroys it with the error of the transfer. It aborts the transfer if the writable closes
   * or fails first. Errors of the writable do not reach the transfer's subscriber: listen to `error` on the returned writable. Or use
   * `pipeline`, which also passes the error of the transfer through every stream of a chain.
   */
  readonly pipe: ValueStream<Uint8Array>['pipe'] & NodePipe;
}

/** The results of `toReadable` and `toWeb`. */
type Outlet = Readable | ReadableStream;

/**
 * The ways out of RxJS: into a writable, or through operators into a Readable (`toReadable`) or a ReadableStream (`toWeb`).
 *
 * TypeScript infers the `T` of an `Observable<T>` from its `pipe` too, pairing overloads from the last one backwards. So
 * there are eleven here, as in RxJS, and the first takes none: else `switchMap(() => ftp.retr$(path))` would give unknowns. It
 * is spelt in another way than RxJS's, or the two would count as one.
 */
interface NodePipe {
  (...none: readonly never[]): ValueStream<Uint8Array>;
  <W extends NodeJS.WritableStream>(to: W): W;
  <R extends Outlet>(to: UnaryFunction<Observable<Uint8Array>, R>): R;
  <A, R extends Outlet>(op1: OperatorFunction<Uint8Array, A>, to: UnaryFunction<Observable<A>, R>): R;
  <A, B, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    to: UnaryFunction<Observable<B>, R>,
  ): R;
  <A, B, C, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    to: UnaryFunction<Observable<C>, R>,
  ): R;
  <A, B, C, D, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    to: UnaryFunction<Observable<D>, R>,
  ): R;
  <A, B, C, D, E, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    to: UnaryFunction<Observable<E>, R>,
  ): R;
  <A, B, C, D, E, F, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    to: UnaryFunction<Observable<F>, R>,
  ): R;
  <A, B, C, D, E, F, G, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    to: UnaryFunction<Observable<G>, R>,
  ): R;
  <A, B, C, D, E, F, G, H, R extends Outlet>(
    op1: OperatorFunction<Uint8Array, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    op8: OperatorFunction<G, H>,
    to: UnaryFunction<Observable<H>, R>,
  ): R;
}

class Bytes extends ByteFlow {
  override pipe<R>(...to: readonly unknown[]): R {
    const first = to.length === 1 ? to[0] : undefined;
    if (isWritable(first)) return pipeTo(this, first) as R;
    return super.pipe(...(to as [])) as R;
  }
}

/** A `ByteStream` of the bytes of `producer`; each subscription starts it once, with its own gate. */
export function byteStream(producer: ByteProducer): ByteStream {
  return new Bytes(producer);
}
