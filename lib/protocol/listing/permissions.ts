/**
 * Reads the first column of `ls -l`: a letter for the kind, and nine for the permissions. A mark may follow for an access list (`+`), an
 * SELinux context (`.`) or extended attributes (`@`). The count of links may follow without a blank.
 *
 * Some servers print fewer letters (`drw-r--rw`, `drwxrwx`): still a listing, but with unknown bits.
 */
import type { FileKind } from './file-entry.js';

export interface Permissions {
  readonly kind: FileKind;
  /** Whether it is a block or character device, which has two numbers in place of a size. */
  readonly device: boolean;
  /** The permission bits; absent when a letter is missing. */
  readonly mode: number | undefined;
  /** The count of links, if it is glued to the letters. */
  readonly links: number | undefined;
}

/** Besides `ls`: `f` and `m` of old servers, `D` door, `e` z/OS external link, `w` whiteout, `n` network, `C` `P` `M` rare. */
const KINDS: Readonly<Partial<Record<string, FileKind>>> = /* @__PURE__ */ Object.freeze({
  '-': 'file',
  f: 'file',
  d: 'directory',
  l: 'symlink',
  b: 'other',
  c: 'other',
  p: 'other',
  s: 'other',
  D: 'other',
  e: 'other',
  m: 'other',
  n: 'other',
  w: 'other',
  C: 'other',
  M: 'other',
  P: 'other',
  '?': 'other',
});

const BITS = 9;
/** No column is longer, with its links. */
const MAX_LENGTH = 16;
const COLUMN = /^.(?:([-rwxsStTLl]{3,9})|([-rwxsStTLl]{9})[+.@]?(\d{1,5}))[+.@]?$/;

/** Reads the column; `undefined` when it is no such column. */
export function parsePermissions(column: string): Permissions | undefined {
  const kind = Object.hasOwn(KINDS, column.charAt(0)) ? KINDS[column.charAt(0)] : undefined;
  const match = kind === undefined || column.length > MAX_LENGTH ? null : COLUMN.exec(column);
  if (kind === undefined || match === null) return undefined;
  const [, alone, glued, links] = match;
  const letters = alone ?? glued ?? '';
  const mode = modeOf(letters);
  if (mode === undefined) return undefined;
  return {
    kind,
    device: column.startsWith('b') || column.startsWith('c'),
    mode: letters.length === BITS ? mode : undefined,
    links: links === undefined ? undefined : Number(links),
  };
}

/** The bits of `rwxr-xr-x`; `undefined` if a letter is in a wrong place. */
function modeOf(letters: string): number | undefined {
  let mode = 0;
  for (let index = 0; index < letters.length; index += 1) {
    const bit = 1 << (BITS - 1 - index);
    const letter = letters.charAt(index);
    if (letter === '-') continue;
    if (index % 3 < 2) {
      if (letter !== 'rw'.charAt(index % 3)) return undefined;
      mode |= bit;
      continue;
    }
    const execute = executeBits(letter, bit, index);
    if (execute === undefined) return undefined;
    mode |= execute;
  }
  return mode;
}

/** `s` and `t` are the special bit and execution, `S`, `T` and `L` (mandatory locking) the special bit alone. */
function executeBits(letter: string, bit: number, index: number): number | undefined {
  const special = [0o4000, 0o2000, 0o1000][(index - 2) / 3] ?? 0;
  if (letter === 'x') return bit;
  if (letter === 's' || letter === 't') return bit | special;
  if (letter === 'S' || letter === 'T' || letter === 'L' || letter === 'l') return special;
  return undefined;
}
