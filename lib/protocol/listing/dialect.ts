/**
 * Defines the interface of every dialect: a reader of lines. Each listing opens a new reader, since it may remember a heading, or a row
 * that the next line completes.
 */
import type { Dialect, FileEntry, ListingRow } from './file-entry.js';
import type { ServerClock } from './server-clock.js';

/**
 * The result of a kept line: its row, which is the line itself if it was not understood after all; several rows, if it has many names;
 * none, if it belongs to another line's row.
 */
export type Settled = ListingRow | readonly ListingRow[];

/**
 * The result of one line: the entry; `ignored` for a line that is no file; `undefined` for a line of another format. A list: the line is
 * kept until later ones decide. The list has the results of the lines kept so far, one item each and in their order, as far as they are
 * decided now. It may be empty, and it may end with this line.
 */
export type Reading = FileEntry | readonly Settled[] | 'ignored' | undefined;

/** Reads the lines of one listing. */
export interface DialectReader {
  read(line: string): Reading;
  /** Settles all lines that were kept. Called at the end, and between two directories of one listing. */
  end?(): readonly Settled[];
  /**
   * Settles the lines that were kept, since too many rows wait; others of the same listing follow. Default: as `end`.
   *
   * @param isLatest whether the last line was one of this reader. Only then it may go on to keep that one.
   */
  interrupt?(isLatest: boolean): readonly Settled[];
}

export interface ListingDialect {
  readonly dialect: Dialect;
  open(clock: ServerClock): DialectReader;
}

/** A dialect each of whose lines says all by itself. */
export function lineDialect(
  dialect: Dialect,
  read: (line: string, clock: ServerClock) => FileEntry | 'ignored' | undefined,
): ListingDialect {
  return { dialect, open: (clock) => ({ read: (line) => read(line, clock) }) };
}

/** The results of several lines, which may be one. */
export function isSettledList(reading: Exclude<Reading, undefined>): reading is readonly Settled[] {
  return Array.isArray(reading);
}
