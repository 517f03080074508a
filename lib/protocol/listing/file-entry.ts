/**
 * Defines one file of a listing: the same shape for every server's format, LIST and MLSD alike.
 *
 * `modified` is only as exact as `precision` says, and from LIST only as right as the server's zone is known.
 */
import type { MlsxEntry } from '../facts.js';

export type FileKind = 'file' | 'directory' | 'symlink' | 'other';

/** The smallest part of `modified` that the listing named; `none`: it named no time. */
export type TimePrecision = 'second' | 'minute' | 'day' | 'none';

/**
 * A family of servers that print listings alike. `mlsx` are the rows of MLSD and MLST, also where LIST has them; `names` are
 * rows of nothing but a name.
 */
export type Dialect =
  | ('unix' | 'dos' | 'mlsx' | 'eplf' | 'vms' | 'zos' | 'os400' | 'nonstop')
  | ('netware' | 'os2' | 'mac' | 'connect-enterprise' | 'names');

export interface FileEntry {
  /** As the server sent it, spaces and all; not fit to be a local file name unchecked. */
  readonly name: string;
  readonly kind: FileKind;
  /** In bytes; absent if the listing names none, or not exactly (`33.5k`). */
  readonly size?: number | undefined;
  readonly modified?: Date | undefined;
  readonly precision: TimePrecision;
  /** Whether `modified` is of a known zone. If it is `false`, the server's clock was taken for one of UTC. */
  readonly zoneKnown: boolean;
  readonly created?: Date | undefined;
  /** The target of a symbolic link. */
  readonly target?: string | undefined;
  /** The Unix permission bits, set-id and sticky included. */
  readonly mode?: number | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** The count of hard links. */
  readonly links?: number | undefined;
  /** Equal for two names of one file. */
  readonly unique?: string | undefined;
  /** All facts of a row of MLSD, by names in lower case. */
  readonly facts?: ReadonlyMap<string, string> | undefined;
  /** The format of the row; `'local'` of a file on this machine, as `walk$` emits it. */
  readonly dialect: Dialect | 'local';
  /** The line that this was read from; empty of a local file. */
  readonly raw: string;
}

/** The facts that a line leaves open. */
export interface ListingContext {
  /** The time of the listing, to complete dates without a year. */
  readonly now: Date;
  /** The zone of the server's clock: a name such as `Europe/Berlin`, or minutes east of UTC. Default UTC, which may be wrong. */
  readonly timeZone?: string | number | undefined;
}

/** The rows of a listing: files, or, as text, rows that were not understood. */
export type ListingRow = FileEntry | string;

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
  return entryOf(entry, kind, entry.name, raw);
}

/** The file of an entry of MLST, under a name of its own: it may be the current directory (`cdir`), or its parent. */
export function fileEntryFromMlst(entry: MlsxEntry, name: string, raw: string): FileEntry {
  return entryOf(entry, KINDS[entry.type] ?? 'directory', name, raw);
}

function entryOf(entry: MlsxEntry, kind: FileKind, name: string, raw: string): FileEntry {
  const modified = entry.modified;
  return {
    name,
    kind,
    size: entry.size,
    modified,
    precision: modified === undefined ? 'none' : 'second',
    zoneKnown: modified !== undefined,
    created: entry.created,
    target: entry.linkTarget,
    mode: entry.unixMode,
    owner: entry.unixOwner,
    group: entry.unixGroup,
    unique: entry.unique,
    facts: entry.facts,
    dialect: 'mlsx',
    raw,
  };
}
