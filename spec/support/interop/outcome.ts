/** Names the end of an operation by a word that a table of expectations can hold. */
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { FtpError, FtpUsageError } from '../../../lib/errors.js';

export function all<T>(operation: Observable<T>): Promise<T[]> {
  return lastValueFrom(operation.pipe(toArray()));
}

export function last<T>(operation: Observable<T>): Promise<T> {
  return lastValueFrom(operation);
}

/** The code of the reply that refused it, `not sent` for what was refused here; `accepted` when it completed. */
export async function outcome(operation: Observable<unknown>): Promise<string | number> {
  try {
    await all(operation);
    return 'accepted';
  } catch (error) {
    if (error instanceof FtpUsageError) return 'not sent';
    if (error instanceof FtpError && error.reply !== undefined) return error.reply.code;
    throw error;
  }
}
