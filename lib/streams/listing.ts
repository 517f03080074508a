/** The data of LIST to entries, each as soon as its line is in, whatever the server's format. */
import type { OperatorFunction } from 'rxjs';
import { FtpProtocolError } from '../errors.js';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import { type Dialect, ListingParser } from '../protocol/listing/index.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { printable } from '../protocol/printable.js';
import { eachListingLine, type ListingLinesOptions } from './listing-lines.js';

export interface ListingOptions extends ListingLinesOptions {
  /** The time of the listing, to complete dates without a year. Default: when it is subscribed. */
  readonly now?: Date | undefined;
  /** How far the server's clock is ahead of UTC, in minutes. Default 0. */
  readonly utcOffsetMinutes?: number | undefined;
  /** The only format to read. Default: found out from the lines. */
  readonly dialect?: Dialect | undefined;
}

const NAMES: Readonly<Record<keyof ListingOptions, true>> = {
  maxLineBytes: true,
  decode: true,
  allowUnterminated: true,
  now: true,
  utcOffsetMinutes: true,
  dialect: true,
};

/**
 * Reads the listings that people read (LIST), from bytes or from lines.
 *
 * Emits a `FileEntry` for each file; `.` and `..`, blank lines and totals are skipped. Errors with `FtpProtocolError` on a line
 * that no parser understands (a message of `ls` among them), because what is left would pass for the whole directory, and
 * as `listingLines` does.
 *
 * @example
 * ```ts
 * ftp.list$('/pub').pipe(listing()).subscribe((entry) => console.log(entry.kind, entry.name));
 * ```
 */
export function listing(options: ListingOptions = {}): OperatorFunction<Uint8Array | string, FileEntry> {
  requireKnownOptions(options, NAMES);
  return eachListingLine(options, (subscriber) => {
    const parse = listingParser(options);
    return (line) => {
      const entry = parse(line);
      if (entry !== undefined) subscriber.next(entry);
    };
  });
}

/** Reads the lines of one listing; `undefined` for a line that stands for no file. Throws on one that is not understood. */
export function listingParser(options: ListingOptions): (line: string) => FileEntry | undefined {
  const { now = new Date(), utcOffsetMinutes = 0, dialect } = options;
  const parser = new ListingParser({ now, utcOffsetMinutes, dialect });
  return (line) => {
    const entry = parser.parse(line);
    if (entry === undefined)
      throw new FtpProtocolError(`A line of the listing is not understood: "${printable(line)}"`);
    return entry === 'ignored' ? undefined : entry;
  };
}
