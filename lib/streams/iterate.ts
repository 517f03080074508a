/** Iterates any Observable. An Observable that is no Flow cannot stop, so its values queue. */
import type { Observable } from 'rxjs';
import { Flow } from './flow.js';
import { PullIterator } from './pull-iterator.js';

/** An async iterator over one subscription of `source`; `return` and `throw` unsubscribe at once. */
export function iterate<T>(source: Observable<T>): AsyncIterableIterator<T> {
  if (source instanceof Flow) return source[Symbol.asyncIterator]();
  return new PullIterator({ open: () => source, expectedBytes: () => undefined });
}

/** The number of bytes that `iterator` will give in all: one over the bytes of a transfer knows it, if the size has been named by now. */
export function expectedBytesOfIterator(iterator: object): number | undefined {
  return iterator instanceof PullIterator ? iterator.expectedBytes() : undefined;
}
