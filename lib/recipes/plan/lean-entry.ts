/** Keeps the parts of an entry that a plan needs, in little memory: trees may have millions of entries. */
import type { FileEntry, FileKind, TimePrecision } from '../../protocol/listing/file-entry.js';

export interface LeanEntry {
  readonly path: string;
  readonly kind: FileKind;
  readonly size: number | undefined;
  /** Milliseconds of the epoch. */
  readonly modified: number | undefined;
  readonly precision: TimePrecision;
  readonly zoneKnown: boolean;
  readonly mode: number | undefined;
  /** A followed link: all other facts are those of its target. */
  readonly link?: true;
}

/** The same file, without the text of its row. */
export function lean(entry: FileEntry & { readonly path: string }): LeanEntry {
  return {
    path: ownText(entry.path),
    kind: entry.kind,
    size: entry.size,
    modified: entry.modified?.getTime(),
    precision: entry.modified === undefined ? 'none' : entry.precision,
    zoneKnown: entry.zoneKnown,
    mode: entry.mode,
  };
}

/** A name is cut out of its row, and would keep the row, or the chunk that it came in, in memory. */
function ownText(text: string): string {
  // Half a pair, which stands for a byte, gets lost in UTF-8.
  const encoding = /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
