/** Formats one entry of a listing as servers do: `ls -l`, `dir` of Windows, and the facts of RFC 3659. All times are UTC. */
import { formatTimestamp } from '../protocol/timestamp.js';
import { modeOf, modifiedOf, type TestFile } from './test-file.js';

/** A name with its file or directory in the tree. */
export interface Listed {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Undefined of a directory that is there by the files in it. */
  readonly file: TestFile | undefined;
}

/** The facts of MLSD and MLST, as OPTS MLST names them. */
export const FACTS: readonly string[] = ['type', 'size', 'modify', 'perm', 'unix.mode'];

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HALF_YEAR_MS = 182 * 24 * 60 * 60 * 1000;
const DIRECTORY_SIZE = 4096;

const two = (value: number): string => String(value).padStart(2, '0');

/** `ls -l`: with the time of the day for the last half year, else with the year. */
export function unixLine({ name, isDirectory, file }: Listed, now: Date): string {
  const modified = modifiedOf(file);
  const age = now.getTime() - modified.getTime();
  const clock = `${two(modified.getUTCHours())}:${two(modified.getUTCMinutes())}`;
  const time = age >= 0 && age < HALF_YEAR_MS ? clock : String(modified.getUTCFullYear()).padStart(5);
  const date = `${MONTHS[modified.getUTCMonth()]} ${String(modified.getUTCDate()).padStart(2)} ${time}`;
  const size = String(isDirectory ? DIRECTORY_SIZE : (file?.size ?? 0)).padStart(12);
  return `${isDirectory ? 'd' : '-'}${permissions(modeOf(file, isDirectory))}   1 ftp      ftp ${size} ${date} ${name}`;
}

/** `rwxr-xr-x`. */
function permissions(mode: number): string {
  return [6, 3, 0]
    .map((shift) => ['r', 'w', 'x'].map((letter, bit) => (mode & ((4 >> bit) << shift) ? letter : '-')).join(''))
    .join('');
}

/** `dir` of Windows: the date as MM-DD-YY, and AM or PM. */
export function dosLine({ name, isDirectory, file }: Listed): string {
  const modified = modifiedOf(file);
  const day = [modified.getUTCMonth() + 1, modified.getUTCDate(), modified.getUTCFullYear() % 100].map(two).join('-');
  const hours = modified.getUTCHours();
  const clock = `${two(hours % 12 || 12)}:${two(modified.getUTCMinutes())}${hours < 12 ? 'AM' : 'PM'}`;
  const digits = String(file?.size ?? 0).padStart(21);
  const size = isDirectory ? '       <DIR>          ' : `${digits} `;
  return `${day}  ${clock}${size}${name}`;
}

/** RFC 3659 section 7.2: the chosen facts, a space, the name. */
export function factLine({ name, isDirectory, file }: Listed, chosen: readonly string[] | undefined): string {
  const facts: Readonly<Record<string, string | undefined>> = {
    type: isDirectory ? 'dir' : 'file',
    size: isDirectory ? undefined : String(file?.size ?? 0),
    modify: formatTimestamp(modifiedOf(file)),
    perm: isDirectory ? 'cdeflmp' : 'adfrw',
    'unix.mode': modeOf(file, isDirectory).toString(8).padStart(4, '0'),
  };
  const told = FACTS.filter((fact) => facts[fact] !== undefined && chosen?.includes(fact) !== false);
  return `${told.map((fact) => `${fact}=${facts[fact]};`).join('')} ${name}`;
}
