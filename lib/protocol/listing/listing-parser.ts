/**
 * Parses lines of LIST into entries. The first lines decide which dialect reads the rest. If that dialect does not understand a line, the
 * parser tries the others, since some servers mix them.
 *
 * Until a dialect is found, at most 64 unread lines wait: they may be names, and nothing but names. The parser distinguishes lines that are
 * no files (`total 8`, `.`, a heading) from rows that it does not understand.
 */
import { Blocks, mayBeHeading, mayBeWideHeading, mayEndBlock } from './blocks.js';
import { isDecoration } from './decoration.js';
import { DETECTED, dialectOf } from './dialects.js';
import type { Dialect, FileEntry, ListingContext, ListingRow } from './file-entry.js';
import { type FoundNames, foundNames } from './found-names.js';
import { entryWithoutFacts } from './mlsx.js';
import { namesFound, namesIn } from './names.js';
import { mayBeSubvolume } from './nonstop.js';
import { DialectReaders, MAX_HELD_ROWS, type RowsNow } from './readers.js';
import { ServerClock } from './server-clock.js';
import { StatReply } from './stat-reply.js';
import { Sums } from './sums.js';
import { type Look, UnreadRows } from './unread-rows.js';

export interface ListingParserOptions extends ListingContext {
  /** The only format to read; found out from the lines unless given. */
  readonly dialect?: Dialect | undefined;
}

const NOTHING: readonly ListingRow[] = /* @__PURE__ */ Object.freeze([]);

/** Reads one listing. It remembers the dialect, so each listing needs its own parser. */
export class ListingParser {
  readonly #clock: ServerClock;
  readonly #readers: DialectReaders;
  readonly #reply = new StatReply();
  readonly #blocks = new Blocks();
  readonly #sums = new Sums();
  /** Whether each line is a name, and nothing else. */
  #isAnyText = false;
  /** Lines that no dialect has read, until one reads a row. */
  #unread: UnreadRows | undefined = new UnreadRows();

  /** Throws FtpUsageError for an invalid `now` or `timeZone`, and an unknown `dialect`. */
  constructor(options: ListingParserOptions) {
    const { dialect } = options;
    this.#clock = new ServerClock(options);
    const named = dialect === undefined ? undefined : dialectOf(dialect);
    this.#readers = new DialectReaders(this.#clock, named === undefined ? DETECTED : [named]);
    if (named === undefined) return;
    this.#isAnyText = dialect === 'names';
    this.#readers.use(named);
  }

  /** The format of the last line that was understood. */
  get dialect(): Dialect | undefined {
    return this.#readers.usual;
  }

  /**
   * Reads one line, without its terminator. Returns the rows that are understood now, which may be none, or several: a row
   * that a later line decides is returned with that line, or after 64 lines. A row that was not understood is a string.
   */
  parse(line: string): readonly ListingRow[] {
    if (this.#isAnyText || this.#reply.isNone) return this.#parseRow(line);
    const lines = this.#reply.take(line);
    this.#readers.waitingElsewhere = this.#reply.waiting;
    return lines.length === 1 ? this.#parseRow(lines[0] ?? line) : lines.flatMap((each) => this.#parseRow(each));
  }

  /** The end of the listing: returns the rows that waited for a later line. */
  end(): readonly ListingRow[] {
    const rows = [...this.#endOfBlock(), ...this.#settleUnread(false)];
    const rest = this.#reply.isWhole ? NOTHING : this.#reply.around([]);
    this.#reply.leave();
    return [...rows, ...rest];
  }

  #parseRow(line: string): readonly ListingRow[] {
    const row = this.#reply.rowOf(line);
    const rows = this.#readers.read(row);
    if (rows === undefined) return this.#unreadRow(row, line);
    if (this.#unread !== undefined && this.#unread.length > 0)
      return [...this.#settleUnread(true), ...this.#rowsOf(rows)];
    this.#unread = undefined;
    return this.#rowsOf(rows);
  }

  #unreadRow(row: string, line: string): readonly ListingRow[] {
    if (mayEndBlock(row)) {
      // Rows that were kept are of the block before.
      const rows = this.#endOfBlock();
      if (this.#blocks.enter(row)) return rows;
      return rows.length === 0 ? this.#unreadLine(row, line) : [...rows, ...this.#unreadLine(row, line)];
    }
    return this.#unreadLine(row, line);
  }

  #unreadLine(row: string, line: string): readonly ListingRow[] {
    if (isDecoration(row)) return NOTHING;
    if (this.#unread === undefined) return this.#sums.isSum(row) ? NOTHING : this.#rowsOf(this.#readers.pass(line));
    const look = this.#lookOf(row);
    this.#unread.add(line, look);
    if (look === 'row' && this.#readers.usual !== undefined) {
      // The dialect is named: there are no names to wait for, and a heading may still come.
      const rows = this.#settleUnread(false);
      this.#unread = new UnreadRows();
      return rows;
    }
    return this.#unread.length + this.#reply.waiting >= MAX_HELD_ROWS ? this.#settleUnread(false) : NOTHING;
  }

  #lookOf(row: string): Look {
    if (this.#sums.isSum(row)) return 'sum';
    if (mayBeHeading(row)) return 'heading';
    return mayBeWideHeading(row) ? 'wide heading' : 'row';
  }

  /** Lines that waited are names, if no other dialect was found and all look like it; else they were not understood. */
  #settleUnread(isRowNext: boolean): readonly ListingRow[] {
    const unread = this.#unread;
    if (unread === undefined) return NOTHING;
    this.#unread = undefined;
    const found = this.#readers.usual === undefined ? foundNames(unread, this.#reply) : undefined;
    if (found !== undefined) return this.#namesOf(found);
    if (isRowNext && this.#readers.usual === 'unix')
      unread.settleSum((line) => this.#sums.learn(this.#reply.rowOf(line)));
    if (isRowNext && this.#readers.usual === 'nonstop')
      unread.dropHeading((line) => mayBeSubvolume(this.#reply.rowOf(line)));
    const heading = unread.heading(isRowNext);
    if (heading !== undefined) this.#blocks.begin(this.#reply.rowOf(heading));
    const lines = unread.notUnderstood(isRowNext);
    if (isRowNext && this.#readers.usual === 'mlsx')
      return lines.map((line) => this.#readAgain(line)).filter((each) => !isItself(each));
    if (this.#readers.usual !== undefined || this.#reply.isWhole) return lines;
    const all = this.#reply.around(lines);
    this.#reply.leave();
    return all;
  }

  /** A row without facts, before the first with some. */
  #readAgain(line: string): ListingRow {
    const entry = entryWithoutFacts(this.#reply.rowOf(line));
    return entry === undefined ? line : this.#placed(entry);
  }

  #namesOf({ lines, sign }: FoundNames): readonly ListingRow[] {
    this.#reply.leave();
    this.#readers.use(namesFound(sign));
    return lines.flatMap((line) => this.#rowsOf(namesIn(line, sign)));
  }

  /** The rows that readers have kept. */
  #endOfBlock(): readonly ListingRow[] {
    return this.#rowsOf(this.#readers.end());
  }

  #rowsOf(rows: Exclude<RowsNow, undefined>): readonly ListingRow[] {
    if (rows === 'ignored') return NOTHING;
    if (!isSeveral(rows)) {
      if (isItself(rows)) return NOTHING;
      return [this.#placed(rows)];
    }
    return rows.filter((row) => !isItself(row)).map((row) => (typeof row === 'string' ? row : this.#placed(row)));
  }

  /** The entry, named by its path if it is of a directory below the listed one. A name with a NUL is none, as in MLSD. */
  #placed(entry: FileEntry): ListingRow {
    this.#blocks.countRow(entry);
    if (entry.name.includes('\0')) return entry.raw;
    const { prefix } = this.#blocks;
    return prefix === '' ? entry : { ...entry, name: prefix + entry.name };
  }
}

function isSeveral(rows: FileEntry | readonly ListingRow[]): rows is readonly ListingRow[] {
  return Array.isArray(rows);
}

/** The listed directory, or its parent. */
function isItself(row: ListingRow): boolean {
  return typeof row !== 'string' && (row.name === '.' || row.name === '..');
}
