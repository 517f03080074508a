/** Makes the names of partial files: beside the final one, so that a rename completes them. */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { nodeCrypto } from '../net/builtins.js';

/** File systems accept 255 bytes, or 143 (eCryptfs), with the added ones. */
const NAME_BYTES = 112;
const DIGITS = 12;

/** The state of a remote file by which a partial file of it is known again. */
export interface RemoteState {
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/** A random name in the same directory, which ends in `.part`; the path before it stays as it is, for links. */
export function randomPartialPath(final: string): string {
  return partialPath(final, randomDigits(DIGITS));
}

/** Random hexadecimal digits, at most 12. Node draws the randomness of many UUIDs at once, unlike that of `randomBytes`. */
function randomDigits(count: number): string {
  return nodeCrypto().randomUUID().replace('-', '').slice(0, count);
}

/** How the bytes of a partial file are written: from the first one on, or in several places at once. */
export type Writing = 'stream' | 'segments';

/** The name of the partial file of this remote file in this state, which a later process finds again. */
export function partialPathOf(final: string, remote: RemoteState, writing: Writing = 'stream'): string {
  return partialPath(final, `${finalDigest(final)}${stateDigest(remote, writing)}`);
}

/** Partial files and their maps that were to become `final`: of other remote files, of an older state, or written in another way. */
export async function otherPartialsOf(final: string, kept: string): Promise<readonly string[]> {
  const directory = directoryOf(final);
  const start = `${head(basename(final))}.${finalDigest(final)}`;
  const names = await readdir(directory === '' ? '.' : directory).catch(unlessUnreadable);
  const keptName = basename(kept);
  const isOther = (name: string): boolean => {
    const partial = name.replace(/\.map$/, '.part');
    return (
      partial.startsWith(start) &&
      partial.endsWith('.part') &&
      partial.length === keptName.length &&
      partial !== keptName
    );
  };
  return names.filter(isOther).map((name) => `${directory}${name}`);
}

/** A directory that may be written and not be read hides old partial files. They stay. */
function unlessUnreadable(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'EACCES') return [];
  throw error;
}

function partialPath(final: string, digits: string): string {
  return `${directoryOf(final)}${head(basename(final))}.${digits}.part`;
}

function directoryOf(final: string): string {
  return final.slice(0, final.lastIndexOf(basename(final)));
}

/** Of the name alone: the path to it may be another one in the next run. */
function finalDigest(final: string): string {
  return digest(basename(final));
}

function stateDigest({ path, size, modified }: RemoteState, writing: Writing): string {
  const state = [path, size, modified.getTime()];
  return digest(JSON.stringify(writing === 'stream' ? state : [...state, writing]));
}

function digest(text: string): string {
  return nodeCrypto().createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}

/** The part of `name` that fits in `NAME_BYTES`, without cutting a character. */
function head(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= NAME_BYTES) return name;
  let end = NAME_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
