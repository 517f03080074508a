/** Work of several operations that may have to undo what it has done: a drain of its client waits for its end. */
import { defer, finalize, type Observable } from 'rxjs';
import { holdDrain } from '../client/parts.js';

/** `work$`, for whose end a drain of `ftp` waits. */
export function wholeWork$<T>(ftp: object, work$: Observable<T>): Observable<T> {
  return defer(() => work$.pipe(finalize(holdDrain(ftp))));
}

/** The same of a promise: it may go on when its subscriber has left. */
export async function wholeWork<T>(ftp: object, work: () => Promise<T>): Promise<T> {
  const end = holdDrain(ftp);
  try {
    return await work();
  } finally {
    end();
  }
}
