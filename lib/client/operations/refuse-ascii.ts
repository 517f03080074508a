/** The options that are not for the type ascii, in which other bytes move than the file has. */
import { FtpUsageError } from '../../errors.js';
import type { RetrOptions } from './transfer-options.js';

/** Throws FtpUsageError for a transfer in ASCII, whose bytes are not those of the file. */
export function refuseAsciiHash(): never {
  throw new FtpUsageError(
    "The option verify: 'hash' is not for the type ascii, whose bytes are not those of the file: give type: 'binary'.",
  );
}

/** Throws FtpUsageError for a download in ASCII that counts from the end, or is to be verified by a checksum. */
export function refuseAscii({ start = 0, verify }: RetrOptions): void {
  if (verify === 'hash') refuseAsciiHash();
  if (start >= 0) return;
  throw new FtpUsageError(
    "The option start below 0 is not for the type ascii, whose bytes SIZE does not count: give type: 'binary'.",
  );
}
