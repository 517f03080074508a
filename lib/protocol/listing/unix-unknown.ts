/**
 * Reads rows of `ls -l` about files that `ls` could name but not inspect: `d????????? ? ? ? ? ? docs`. The name is as certain as in other rows,
 * and so is mostly the kind.
 */
import type { FileEntry } from './file-entry.js';
import { parsePermissions } from './permissions.js';

/** Permissions; links, owner, group and size; and a date, which is right before the name. */
const ROW = /^\s{0,8}([-?a-zA-Z])\?{9}[+.@]?(?: {1,64}\?){5} (?=[\s\S])/;
const NO_PERMISSIONS = '---------';

/** Whether the line is such a row. */
export function isUnknown(line: string): boolean {
  return ROW.test(line);
}

export function unknownEntry(line: string): FileEntry | undefined {
  const match = ROW.exec(line);
  const kind = parsePermissions(`${match?.[1]}${NO_PERMISSIONS}`)?.kind;
  if (match === null || kind === undefined) return undefined;
  const name = line.slice(match[0].length);
  return { name, kind, precision: 'none', zoneKnown: false, dialect: 'unix', raw: line };
}
