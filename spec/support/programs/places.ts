/**
 * The directories that programs move in, the state of a client there, and the files that tell one directory from another:
 * every file has the same name everywhere and other contents in each directory.
 */
import { posix } from 'node:path';

/** Names come again on several levels, so that a relative path means something nearly everywhere. */
export const directories = ['/', '/a', '/b', '/a/a', '/a/b', '/b/a'] as const;
export type Directory = (typeof directories)[number];

/** The state that operations depend on. */
export interface State {
  readonly directory: Directory;
  readonly type: 'I' | 'A';
  /** The names of MLSD and MLST, in alphabetical order. */
  readonly facts: string;
}

const allFacts = ['modify', 'size', 'type'] as const;

export const initialState: State = { directory: '/', type: 'I', facts: allFacts.join() };

/** The form of `State.facts`; undefined for all that the server has. */
export function factsOf(names: Iterable<string> = allFacts): string {
  return [...names].sort().join();
}

/** The directory that `path` names, seen from another one; undefined where there is none. */
export function directoryAt(from: Directory, path: string): Directory | undefined {
  const whole = posix.resolve(from, path);
  return directories.find((directory) => directory === whole);
}

/** The name of the one file in each directory that no operation touches. */
export function markerOf(directory: Directory): string {
  return `here${directory.replaceAll('/', '-')}`;
}

/** The directory that a line of a listing tells of. */
export function markerIn(line: string): string {
  return /here-[-ab]*/.exec(line)?.[0] ?? '';
}

/** A file's content: other bytes and another size for each operation and directory; without line ends. */
export function contentOf(id: string, directory: Directory, large = false): string {
  const serial = serialOf(id, directory);
  const text = `${id} in ${directory}. `;
  return text.repeat(large ? 6000 : 60).slice(0, (large ? 60_000 : 100) + serial);
}

/** A file's time, likewise. */
export function timeOf(id: string, directory: Directory): Date {
  return new Date(Date.UTC(2020, 0, 1, 0, serialOf(id, directory)));
}

function serialOf(id: string, directory: Directory): number {
  return Number(id.slice(1)) * directories.length + directories.indexOf(directory);
}
