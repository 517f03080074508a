/** Sorts the errors of range transfers by their remedy. */
import { FtpTransferError } from '../../errors.js';
import { isRestRefused } from '../ask.js';

/** The server sends from the beginning of the file, in spite of REST; or the file has grown. */
export class TooManyBytes extends Error {}

/** The server has ignored REST. */
export class RestIgnored extends Error {}

/** The server sends no part of a file from within: one stream is the way. */
export function isForOneStream(error: unknown): boolean {
  return error instanceof RestIgnored || isRestRefused(error);
}

/** A file that was changed may be shorter or longer, and may end before a range. */
export function mayBeOfChange(error: unknown): boolean {
  const isTooShort = error instanceof FtpTransferError && !error.changed && error.reply?.class === 2;
  return isTooShort || error instanceof TooManyBytes || isRestRefused(error);
}

/** The received bytes are of no use to the next run. */
export function isWrong(error: unknown): boolean {
  return isForOneStream(error) || (error instanceof FtpTransferError && !error.transient);
}
