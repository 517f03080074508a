/** Makes the values of one transfer, an entry or a line each, an Observable and an async iterable. */
import type { Observable, OperatorFunction } from 'rxjs';

/**
 * An Observable that `for await` can read. Cold: each subscription and each iteration is its own operation.
 *
 * Leaving a `for await` loop unsubscribes, which aborts what is under way on the server. While a value waits for the loop, the socket
 * is held back. The results of operators can be iterated too. Operators that make their own Observable (`share`, `mergeMap`) cannot be
 * held: their values wait in memory.
 *
 * @example
 * ```ts
 * for await (const entry of ftp.entries$('/pub')) {
 *   if (entry.name === 'wanted') break;
 * }
 * ```
 */
export type ValueStream<T> = Iterated<T> & Observable<T>;

/** Apart from `Observable`, so that TypeScript infers the `T` of an `Observable<T>` from that alone: `void` would be `undefined`. */
interface Iterated<T> extends AsyncIterable<T> {
  // The overloads of RxJS, one by one: TypeScript infers the `T` of an `Observable<T>` from them too.
  /** Applies RxJS operators. */
  pipe(): ValueStream<T>;
  pipe<A>(op1: OperatorFunction<T, A>): ValueStream<A>;
  pipe<A, B>(op1: OperatorFunction<T, A>, op2: OperatorFunction<A, B>): ValueStream<B>;
  pipe<A, B, C>(op1: OperatorFunction<T, A>, op2: OperatorFunction<A, B>, op3: OperatorFunction<B, C>): ValueStream<C>;
  pipe<A, B, C, D>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
  ): ValueStream<D>;
  pipe<A, B, C, D, E>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
  ): ValueStream<E>;
  pipe<A, B, C, D, E, F>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
  ): ValueStream<F>;
  pipe<A, B, C, D, E, F, G>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
  ): ValueStream<G>;
  pipe<A, B, C, D, E, F, G, H>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    op8: OperatorFunction<G, H>,
  ): ValueStream<H>;
  pipe<A, B, C, D, E, F, G, H, I>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    op8: OperatorFunction<G, H>,
    op9: OperatorFunction<H, I>,
  ): ValueStream<I>;
  pipe<A, B, C, D, E, F, G, H, I>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    op8: OperatorFunction<G, H>,
    op9: OperatorFunction<H, I>,
    ...operations: OperatorFunction<never, unknown>[]
  ): ValueStream<unknown>;
}
