/**
 * One file of a listing: the same shape whatever the server's format, LIST and MLSD alike.
 *
 * `modified` is only as exact as `precision` says, and from LIST only as right as the server's zone is known.
 */
import type { MlsxEntry } from '../facts.js';

export type FileKind = 'file' | 'directory' | 'symlink' | 'other';

/** The smallest part of `modified` that the listing named; `none`: it named no time. */
export type TimePrecision = 'second' | 'minute' | 'day' | 'none';

export interface FileEntry {
  /** As the server sent it, spaces and all; not fit to be a local file name unchecked. */
  readonly name: string;
  readonly kind: FileKind;
  /** In bytes; absent where the listing names none, or not exactly (`33.5k`). */
  readonly size?: number | undefined;
  readonly modified?: Date | undefined;
  readonly precision: TimePrecision;
  /** Where a symbolic link leads. */
  readonly target?: string | undefined;
  /** The Unix permission bits, set-id and sticky included. */
  readonly mode?: number | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** The count of hard links. */
  readonly links?: number | undefined;
  /** The line that this was read from. */
  readonly raw: string;
}

/** What a line does not say by itself. */
export interface ListingContext {
  /** The time of the listing, to complete dates without a year. */
  readonly now: Date;
  /** How far the server's clock is ahead of UTC, in minutes; 0 unless given. Listings do not say. */
  readonly utcOffsetMinutes?: number | undefined;
}

/** Reads one line of one server family; `undefined` when the line is not in that format. */
export type LineParser = (line: string, context: ListingContext) => FileEntry | undefined;

const KINDS: Readonly<Partial<Record<MlsxEntry['type'], FileKind>>> = /* @__PURE__ */ Object.freeze({
  file: 'file',
  dir: 'directory',
  symlink: 'symlink',
  other: 'other',
});

/**
 * The file of an MLSD entry; `undefined` for the listed directory itself and its parent.
 *
 * @param raw the line that the entry was read from.
 */
export function fileEntryFromFacts(entry: MlsxEntry, raw: string): FileEntry | undefined {
  const kind = KINDS[entry.type];
  if (kind === undefined || entry.name === '.' || entry.name === '..') return undefined;
  const modified = entry.modified;
  return {
    name: entry.name,
    kind,
    size: entry.size,
    modified,
    precision: modified === undefined ? 'none' : 'second',
    target: entry.linkTarget,
    mode: entry.unixMode,
    owner: entry.unixOwner,
    group: entry.unixGroup,
    raw,
  };
}
