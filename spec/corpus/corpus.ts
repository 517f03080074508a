/**
 * The form of the corpus: listings, made up from what servers are known to print, each with all that must come of it.
 *
 * An entry's expectation names what the row says and nothing else: a field that it leaves out must be absent.
 */
import type { Dialect, FileEntry, FileKind, TimePrecision } from '../../lib/protocol/index.js';

/** The time of every listing: a Wednesday. */
export const NOW = new Date('2024-11-20T12:00:00Z');

export interface ExpectedEntry {
  readonly name: string;
  readonly kind: FileKind;
  readonly size?: number | undefined;
  /** In UTC; none where the entry has no time. */
  readonly modified?: string | undefined;
  readonly precision?: TimePrecision | undefined;
  readonly more?: Partial<FileEntry> | undefined;
}

export interface CorpusListing {
  readonly title: string;
  readonly dialect: Dialect;
  /** Given to the parser, which finds the dialect by itself otherwise. */
  readonly named?: boolean;
  readonly timeZone?: string | number;
  readonly lines: readonly string[];
  readonly entries: readonly ExpectedEntry[];
  /** Rows that are not understood. */
  readonly unparsed?: readonly string[];
}

/** A file with all that a row says of it. */
export function file(name: string, size?: number, modified?: string, more?: Partial<FileEntry>): ExpectedEntry {
  return { name, kind: 'file', size, modified, more };
}

export function directory(name: string, modified?: string, more?: Partial<FileEntry>): ExpectedEntry {
  return { name, kind: 'directory', modified, more };
}

/** A listing of one row. */
export function row(dialect: Dialect, line: string, entry: ExpectedEntry): CorpusListing {
  return { title: line, dialect, lines: [line], entries: [entry] };
}

/** The precision that a time in the notation of this corpus has: `2024-11-20`, `2024-11-20T11:05` or with seconds. */
export function precisionOf(modified: string | undefined): TimePrecision {
  if (modified === undefined) return 'none';
  if (!modified.includes('T')) return 'day';
  return modified.length > 'YYYY-MM-DDTHH:MM'.length ? 'second' : 'minute';
}
