/** Turns the rows of one listing into entries as they come. The parser depends on the command that has brought them. */
import { from } from 'rxjs';
import type { Session } from '../../control/session.js';
import type { Clock } from '../../net/clock.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { ListingParser, type ListingParserOptions, type ListingRow } from '../../protocol/listing/index.js';
import { eachListingLine, type LineReader, type ListingLinesOptions } from '../../streams/listing-lines.js';
import { type UnparsedOption, UnparsedRows } from '../../streams/unparsed.js';
import { MEASURED } from '../time-zone.js';
import { changed } from './changed-entry.js';
import { LinkTargets } from './link-targets.js';
import { inUtc } from './server-zone.js';
import { unparsedEvent } from './unparsed-event.js';

/** The rules for reading a listing. */
export interface RowsOptions {
  /** The form of LIST that the user has named. */
  readonly dialect: ListingParserOptions['dialect'];
  readonly timeZone: ListingParserOptions['timeZone'];
  readonly unparsed: UnparsedOption | undefined;
  /** Rows without a year are read by its date. */
  readonly clock: Clock;
  /** The directory, for the event. */
  readonly path: string | undefined;
}

/** The command that the rows answer; for STAT it is LIST's. */
export type RowForm = 'MLSD' | 'LIST';

const NONE_MEASURED: ReadonlyMap<number, number> = /* @__PURE__ */ new Map();

export class EntryRows {
  readonly #options: RowsOptions;
  #now: Date;
  #form: RowForm = 'LIST';
  #parser: ListingParser;
  #session: Session | undefined;
  /** By name: the times that MDTM has told. */
  #times: ReadonlyMap<string, Date> = new Map();

  /** Throws FtpUsageError for a time zone or a dialect that there is none of. */
  constructor(options: RowsOptions) {
    this.#options = options;
    this.#now = options.clock.today();
    this.#parser = this.#newParser();
  }

  /** The rows to come answer this command. */
  expect(session: Session, form: RowForm): void {
    this.#session = session;
    this.#form = form;
    this.#now = this.#options.clock.today();
    this.#parser = this.#newParser();
  }

  /** Entries of these names get these times, if their own are less exact. */
  know(times: ReadonlyMap<string, Date>): void {
    this.#times = times;
  }

  /** Reads the lines of one listing into `emit`. */
  into(emit: (entry: FileEntry) => void): LineReader {
    return this.#reader(
      (entry) => emit(this.#timed(entry)),
      (unparsed) => unparsed.settle(this.#options.unparsed, (rows) => this.#report(rows)),
    );
  }

  /** The entries of a listing that is all there, as listed. It can be read once more afterwards. */
  preview(listing: readonly Uint8Array[], decoding: ListingLinesOptions, note: (entry: FileEntry) => void): void {
    const read = eachListingLine<never>(decoding, () => this.#reader(note, () => {}));
    // The next reading reports the faults of the listing.
    read(from(listing)).subscribe({ error: () => {} });
    this.#parser = this.#newParser();
  }

  #reader(emit: (entry: FileEntry) => void, settle: (unparsed: UnparsedRows) => void): LineReader {
    const unparsed = new UnparsedRows();
    const links = new LinkTargets(emit);
    const take = (rows: readonly ListingRow[]): void => {
      for (const row of rows) {
        if (typeof row === 'string') unparsed.add(row);
        else links.take(row);
      }
    };
    const flush = (): void => {
      take(this.#parser.end());
      links.end();
    };
    return {
      line: (line) => take(this.#parser.parse(line)),
      end: () => {
        flush();
        this.#proveRows();
        settle(unparsed);
      },
      failed: flush,
    };
  }

  /** In other formats a path may name a file, or a group of them, and mean something else. */
  #proveRows(): void {
    const { dialect } = this.#parser;
    if (this.#form === 'LIST' && (dialect === 'unix' || dialect === 'dos')) this.#session?.learned.prove('LIST rows');
  }

  #newParser(): ListingParser {
    const { dialect } = this.#options;
    const timeZone = this.#isMeasured ? undefined : this.#options.timeZone;
    return new ListingParser({ now: this.#now, timeZone, dialect: this.#form === 'MLSD' ? 'mlsx' : dialect });
  }

  get #isMeasured(): boolean {
    return this.#options.timeZone === MEASURED;
  }

  #timed(entry: FileEntry): FileEntry {
    const modified = entry.precision === 'second' ? undefined : this.#times.get(entry.name);
    if (modified !== undefined) return changed(entry, { modified, precision: 'second', zoneKnown: true });
    return this.#isMeasured ? inUtc(entry, this.#session?.learned.aheadMs ?? NONE_MEASURED) : entry;
  }

  #report(rows: UnparsedRows): void {
    this.#session?.tell(unparsedEvent(this.#options.path, rows));
  }
}
