/** The rows of one listing as they come, to entries: by the parser that fits the command which has brought them. */
import { from } from 'rxjs';
import type { Session } from '../../control/session.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { ListingParser, type ListingParserOptions, type ListingRow } from '../../protocol/listing/index.js';
import { eachListingLine, type LineReader, type ListingLinesOptions } from '../../streams/listing-lines.js';
import { type UnparsedOption, UnparsedRows } from '../../streams/unparsed.js';
import { changed } from './changed-entry.js';
import { LinkTargets } from './link-targets.js';
import { unparsedEvent } from './unparsed-event.js';

/** How a listing is to be read. */
export interface RowsOptions {
  /** The form of LIST that the user has named. */
  readonly dialect: ListingParserOptions['dialect'];
  readonly timeZone: ListingParserOptions['timeZone'];
  readonly unparsed: UnparsedOption | undefined;
  /** The directory, for the event. */
  readonly path: string | undefined;
}

/** The command that the rows answer; STAT has those of LIST. */
export type RowForm = 'MLSD' | 'LIST';

export class EntryRows {
  readonly #options: RowsOptions;
  #now = new Date();
  #form: RowForm = 'LIST';
  #parser: ListingParser;
  #session: Session | undefined;
  /** By name: the times that MDTM has told. */
  #times: ReadonlyMap<string, Date> = new Map();

  /** Throws FtpUsageError for a time zone or a dialect that there is none of. */
  constructor(options: RowsOptions) {
    this.#options = options;
    this.#parser = this.#newParser();
  }

  /** The rows to come answer this command. */
  expect(session: Session, form: RowForm): void {
    this.#session = session;
    this.#form = form;
    this.#now = new Date();
    this.#parser = this.#newParser();
  }

  /** Entries of these names get these times, where their own are less exact. */
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

  /** The names in a listing that is all there, whose times are not exact to the second. It can be read once more afterwards. */
  inexact(listing: readonly Uint8Array[], decoding: ListingLinesOptions): readonly string[] {
    const names: string[] = [];
    const note = ({ name, precision }: FileEntry): void => {
      if (precision !== 'second') names.push(name);
    };
    const read = eachListingLine<never>(decoding, () => this.#reader(note, () => {}));
    // What is wrong with the listing, the next reading tells.
    read(from(listing)).subscribe({ error: () => {} });
    this.#parser = this.#newParser();
    return names;
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
      end() {
        flush();
        settle(unparsed);
      },
      failed: flush,
    };
  }

  #newParser(): ListingParser {
    const { dialect, timeZone } = this.#options;
    return new ListingParser({ now: this.#now, timeZone, dialect: this.#form === 'MLSD' ? 'mlsx' : dialect });
  }

  #timed(entry: FileEntry): FileEntry {
    if (this.#times.size === 0 || entry.precision === 'second') return entry;
    const modified = this.#times.get(entry.name);
    return modified === undefined ? entry : changed(entry, { modified, precision: 'second', zoneKnown: true });
  }

  #report(rows: UnparsedRows): void {
    this.#session?.tell(unparsedEvent(this.#options.path, rows));
  }
}
