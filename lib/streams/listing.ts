/** The data of LIST to entries, each as soon as its line is in, whatever the server's format. */
import type { OperatorFunction } from 'rxjs';
import { FtpProtocolError } from '../errors.js';
import type { Dialect, FileEntry } from '../protocol/listing/file-entry.js';
import { ListingParser, type ListingRow } from '../protocol/listing/index.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { printable } from '../protocol/printable.js';
import { eachListingLine, type LineHandler, type ListingLinesOptions } from './listing-lines.js';

export interface ListingOptions extends ListingLinesOptions {
  /** The time of the listing, to complete dates without a year. Default: when it is subscribed. */
  readonly now?: Date | undefined;
  /** The zone of the server's clock: a name such as `Europe/Berlin`, or minutes east of UTC. Default UTC. */
  readonly timeZone?: string | number | undefined;
  /** The only format to read. Default: found out from the lines. */
  readonly dialect?: Dialect | undefined;
}

const NAMES: Readonly<Record<keyof ListingOptions, true>> = {
  maxLineBytes: true,
  decode: true,
  allowUnterminated: true,
  now: true,
  timeZone: true,
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
    const { now = new Date(), timeZone, dialect } = options;
    const parser = new ListingParser({ now, timeZone, dialect });
    return entriesTo(parser, (entry) => subscriber.next(entry));
  });
}

/** Gives each entry that `parser` finds to `emit`. Throws on a row that is not understood. */
export function entriesTo(parser: ListingParser, emit: (entry: FileEntry) => void): LineHandler {
  const handOn = (rows: readonly ListingRow[]): void => {
    for (const row of rows) {
      if (typeof row === 'string')
        throw new FtpProtocolError(`A line of the listing is not understood: "${printable(row)}"`);
      emit(row);
    }
  };
  return { line: (line) => handOn(parser.parse(line)), end: () => handOn(parser.end()) };
}
