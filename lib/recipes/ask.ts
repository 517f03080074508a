/** Asks the questions of recipes before they begin: each gives one value, or undefined if the server does not answer. */
import { firstValueFrom, type Observable } from 'rxjs';
import { FtpReplyError, FtpUsageError } from '../errors.js';

/** A question of a client, by its name, or of a substitute for a client. */
type Question<T> =
  | ((path: string, options: { readonly signal?: AbortSignal | undefined }) => Observable<T>)
  | undefined;

export interface Asked {
  readonly path: string;
  /** Ends the question; without it the question is asked to its end. */
  readonly signal?: AbortSignal;
  /** The option that needs the answer, for errors. */
  readonly option: string;
}

/** The answer. Errors as the operation does; with FtpUsageError where `ftp` has no such operation. */
export function ask<T, Name extends string>(
  ftp: { readonly [N in Name]?: Question<T> },
  name: Name,
  { path, signal, option }: Asked,
): Promise<T> {
  if (ftp[name] === undefined) {
    return Promise.reject(new FtpUsageError(`The option ${option} needs an ftp that has ${name}.`));
  }
  return firstValueFrom(ftp[name](path, signal === undefined ? {} : { signal }));
}

/** The answer, or undefined if the server refuses for good. The file does not exist, or the server cannot tell. */
export async function askIfTold<T, Name extends string>(
  ftp: { readonly [N in Name]?: Question<T> },
  name: Name,
  asked: Asked,
): Promise<T | undefined> {
  try {
    return await ask<T, Name>(ftp, name, asked);
  } catch (error) {
    if (isRefusedForGood(error)) return undefined;
    throw error;
  }
}

export function isRefusedForGood(error: unknown): error is FtpReplyError {
  return error instanceof FtpReplyError && !error.transient;
}

/** A server that grants REST may refuse the offset when the transfer is asked for (RFC 1123 section 4.1.3.4). */
const INVALID_OFFSET = 554;

/** The server does not send a file from within, so the bytes of an earlier run are of no use. */
export function isRestRefused(error: unknown): boolean {
  if (!(error instanceof FtpReplyError)) return false;
  return error.reply?.code === INVALID_OFFSET || error.command?.startsWith('REST') === true;
}
