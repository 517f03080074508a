/** Checks the option `timeZone`, of a client and of one listing: the zone of the times in LIST and STAT. */
import { FtpError, FtpUsageError } from '../errors.js';
import { ListingParser } from '../protocol/listing/index.js';

/** The zone is measured: by MDTM of listed files. */
export const MEASURED = 'auto';

/** Completes the sentence "The option timeZone must be ...". */
export const TIME_ZONE =
  "a zone name such as Europe/Berlin, a number of minutes east of UTC from -1440 to 1440, or 'auto'";

export function isTimeZone(value: unknown): value is string | number {
  if (value === MEASURED) return true;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    new ListingParser({ now: new Date(0), timeZone: value });
    return true;
  } catch (error) {
    if (error instanceof FtpError) return false;
    throw error;
  }
}

/** Throws FtpUsageError for a `timeZone` of one listing that is none. */
export function requireTimeZone(value: unknown): void {
  if (value !== undefined && !isTimeZone(value)) throw new FtpUsageError(`The option timeZone must be ${TIME_ZONE}.`);
}
