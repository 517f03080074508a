/** Shows a file as a row for people, and as a value for JSON. */
import prettyBytes from 'pretty-bytes';
import type { FileEntry } from '../../index.js';
import type { Output } from './output.js';

const LETTERS = { file: '-', directory: 'd', symlink: 'l', other: '?' } as const;

/** Permissions, size, time, name. */
export function entryRow(entry: FileEntry, output: Output, name: string = entry.name): string[] {
  const { kind, size, mode } = entry;
  const permissions = `${LETTERS[kind]}${mode === undefined ? '' : permissionsOf(mode)}`;
  return [
    permissions,
    size === undefined || kind === 'directory' ? '-' : sizeText(size),
    timeText(entry),
    shownName(entry, output, name),
  ];
}

/** The columns of `entryRow` that are flush right. */
export const RIGHT_COLUMNS: readonly number[] = [1];

export function sizeText(bytes: number): string {
  return prettyBytes(bytes, { binary: true });
}

/** Shows only known fields: a field that the server did not tell is missing. */
export function entryValue(entry: FileEntry, path: string): object {
  const { name, kind, size, modified, precision, zoneKnown, created, target, mode, owner, group, links, unique } =
    entry;
  return {
    path,
    name,
    kind,
    size,
    modified,
    ...(modified === undefined ? {} : { precision, zoneKnown }),
    created,
    target,
    mode: mode === undefined ? undefined : modeText(mode),
    owner,
    group,
    links,
    unique,
  };
}

/** Four octal digits. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** `path` and a name in it. */
export function joined(path: string, name: string): string {
  return path === '' || path.endsWith('/') ? `${path}${name}` : `${path}/${name}`;
}

export function timeText({ modified, precision }: Pick<FileEntry, 'modified' | 'precision'>): string {
  if (modified === undefined || Number.isNaN(modified.getTime())) return '-';
  const text = modified.toISOString();
  return precision === 'day' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

function permissionsOf(mode: number): string {
  const bits = 'rwxrwxrwx';
  return [...bits].map((letter, at) => ((mode >> (8 - at)) & 1 ? letter : '-')).join('');
}

/** The name in its colour; with a mark behind a directory, and a link's target. */
export function shownName({ kind, target, name: own }: FileEntry, output: Output, name: string = own): string {
  const { colors } = output;
  const safe = output.safe(name);
  if (kind === 'directory') return `${colors.bold(colors.blue(safe))}/`;
  if (kind === 'symlink') return `${colors.cyan(safe)}${target === undefined ? '' : ` -> ${output.safe(target)}`}`;
  return safe;
}
