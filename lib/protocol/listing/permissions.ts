/**
 * The first column of `ls -l`: a letter for the kind, nine for the permissions, maybe a mark for an access list (`+`), an
 * SELinux context (`.`) or extended attributes (`@`).
 */
import type { FileKind } from './file-entry.js';

export interface Permissions {
  readonly kind: FileKind;
  /** Whether it is a block or character device, which has two numbers in place of a size. */
  readonly device: boolean;
  /** The permission bits; absent when a letter is missing. */
  readonly mode: number | undefined;
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

/** Reads the column; `undefined` when it is no such column. */
export function parsePermissions(column: string): Permissions | undefined {
  const kind = Object.hasOwn(KINDS, column.charAt(0)) ? KINDS[column.charAt(0)] : undefined;
  if (kind === undefined) return undefined;
  const letters = '+.@'.includes(column.charAt(BITS + 1)) ? column.slice(1, BITS + 1) : column.slice(1);
  // One letter short has been seen (`drw-r--rw`): still a listing, but which bit is which is unknown.
  if (letters.length !== BITS && letters.length !== BITS - 1) return undefined;
  const mode = modeOf(letters);
  if (mode === undefined) return undefined;
  const device = column.startsWith('b') || column.startsWith('c');
  return { kind, device, mode: letters.length === BITS ? mode : undefined };
}

/** The bits of `rwxr-xr-x`, -1 at no letter; `undefined` when a letter does not belong where it stands. */
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
