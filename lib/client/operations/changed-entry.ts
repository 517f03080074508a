/**
 * Makes an entry with other values in some of its fields. A spread would not do: an entry may read its fields from its row on demand.
 */
import type { FileEntry } from '../../protocol/listing/file-entry.js';

const FIELDS: Readonly<Record<keyof FileEntry, true>> = {
  name: true,
  kind: true,
  size: true,
  modified: true,
  precision: true,
  zoneKnown: true,
  created: true,
  target: true,
  mode: true,
  owner: true,
  group: true,
  links: true,
  unique: true,
  facts: true,
  dialect: true,
  raw: true,
};

/** A copy of `entry` with these values instead of its own. */
export function changed(entry: FileEntry, values: Partial<FileEntry>): FileEntry {
  const names = Object.keys(FIELDS) as (keyof FileEntry)[];
  const copy = Object.fromEntries(names.map((name) => [name, entry[name]])) as unknown as FileEntry;
  return { ...copy, ...values };
}
