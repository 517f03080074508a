/**
 * The interface of every dialect: a reader of lines. It is opened anew for each listing, since it may remember a heading, or a
 * row that the next line completes.
 */
import type { Dialect, FileEntry, ListingRow } from './file-entry.js';
import type { ServerClock } from './server-clock.js';

/**
 * What one line gave: the entry, or the entries that are complete now (none, when the line is kept until a later one decides);
 * `ignored`, it stands for no file; `undefined`, it is not in this format.
 */
export type Reading = FileEntry | readonly ListingRow[] | 'ignored' | undefined;

/** Reads the lines of one listing. */
export interface DialectReader {
  read(line: string): Reading;
  /** Gives the rows that were kept. Called at the end, and between two directories of one listing. */
  end?(): readonly ListingRow[];
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
