/** Turns the data of LIST into entries, each as soon as its line is in, for any server's format. */
import type { OperatorFunction } from 'rxjs';
import type { Dialect, FileEntry } from '../protocol/listing/file-entry.js';
import { ListingParser, type ListingRow } from '../protocol/listing/index.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { eachListingLine, LINE_NAMES, type ListingLinesOptions } from './listing-lines.js';
import { requireUnparsed, type UnparsedOptions, UnparsedRows } from './unparsed.js';

export interface ListingOptions extends ListingLinesOptions, UnparsedOptions {
  /** The time of the listing, to complete dates without a year. Default: when it is subscribed. */
  readonly now?: Date | undefined;
  /** The zone of the server's clock: a name such as `Europe/Berlin`, or minutes east of UTC. Default UTC. */
  readonly timeZone?: string | number | undefined;
  /** The only format to read. Default: found out from the lines. */
  readonly dialect?: Dialect | undefined;
}

const NAMES: Readonly<Record<keyof ListingOptions, true>> = {
  ...LINE_NAMES,
  unparsed: true,
  now: true,
  timeZone: true,
  dialect: true,
};

/**
 * Reads the listings that people read (LIST), from bytes or from lines.
 *
 * Emits a `FileEntry` for each file; `.` and `..`, blank lines and totals are skipped. A row that is not understood (a message of `ls`,
 * say) does not end the listing. After the last entry the stream errors with an `FtpProtocolError`, whose `unparsed` has those rows,
 * because the emitted entries would pass for the whole directory. With `unparsed: 'report'` it completes. Other errors are those of
 * `listingLines`, which count above these rows.
 *
 * @example
 * ```ts
 * ftp.list$('/pub').pipe(listing()).subscribe((entry) => console.log(entry.kind, entry.name));
 * ```
 */
export function listing(options: ListingOptions = {}): OperatorFunction<Uint8Array | string, FileEntry> {
  requireKnownOptions(options, NAMES);
  requireUnparsed(options);
  return eachListingLine(options, (subscriber) => {
    const { now = new Date(), timeZone, dialect } = options;
    const parser = new ListingParser({ now, timeZone, dialect });
    const unparsed = new UnparsedRows();
    const take = (rows: readonly ListingRow[]): void => {
      for (const row of rows) {
        if (typeof row === 'string') unparsed.add(row);
        else subscriber.next(row);
      }
    };
    return {
      line: (line) => take(parser.parse(line)),
      end() {
        take(parser.end());
        unparsed.settle(options.unparsed);
      },
      failed: () => take(parser.end()),
    };
  });
}
