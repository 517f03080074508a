/** Holds the known facts of an operation before it runs: its start, and its result in each state. */
import { posix } from 'node:path';
import type { Observable } from 'rxjs';
import type { FtpOperations } from '../../../lib/index.js';
import { contentOf, type Directory, directoryAt, type State } from './places.js';
import type { Operation } from './program.js';

/** One operation of a program, spelled for one server. */
export interface Spelled {
  /** A name of its own, as `o12`: that of its files, by which its commands are known. */
  readonly id: string;
  readonly where: string;
  readonly variant: number;
  /** Its file, as it is sent. */
  readonly path: string;
  /** The directory `where`, as it is sent. */
  readonly folder: string;
  /** The model's path of what the server calls `path`. */
  readonly unspell: (path: string) => string;
  /** The scripted server: everything that it answers is foreseen. */
  readonly exact: boolean;
  readonly large: boolean;
}

/** The result of an operation in one state. */
export interface Outcome {
  /** All that is emitted, as text; undefined when the server refuses. */
  readonly shows: string | undefined;
  /** Where it is at work, and leaves its mark. */
  readonly directory?: Directory | undefined;
  /** The state afterwards; without one, as before. It stays changed by operations that are refused later. */
  readonly next?: State | undefined;
  /** The type of its transfer. */
  readonly type?: 'I' | 'A';
  /** The facts of its listing. */
  readonly facts?: string;
  /** It names a directory from `/`, and may be sent from any other. */
  readonly skipDirectory?: boolean;
  /** Where it is refused, some servers show nothing instead. */
  readonly orNothing?: boolean;
}

/** `spoilt`: something is there that the operation cannot have left. */
export type Mark = 'none' | 'partial' | 'whole' | 'spoilt';

/** A file or directory of the server; undefined for none. */
export type Found = { readonly text?: string; readonly modified: Date } | undefined;

export interface Verb {
  /** All servers take it, and answer alike. */
  readonly portable: boolean;
  /** It needs MLST, or MFMT, of a real server. */
  readonly needs?: 'mlsd' | 'setsTime';
  /** It changes the state of the client, or tries to, and nothing else: what comes later waits for its answer. */
  readonly changes?: boolean;
  /** How often it comes; 1 unless given. */
  readonly weight?: number;
  /** As a user would write it. */
  readonly say: (at: Spelled) => string;
  /** Starts nothing before it is subscribed; emits text. */
  readonly start: (ftp: FtpOperations, at: Spelled) => Observable<string>;
  readonly meets: (state: State, at: Spelled) => Outcome;
  /** The required entry in every directory under the operation's name; none unless given. */
  readonly plants?: 'file' | 'directory';
  /** Whether it has done its work in a directory, by what is there under its name and under `<name>-new` afterwards. */
  readonly mark?: (at: Spelled, directory: Directory, found: Found, renamed: Found) => Mark;
}

/** The error of an operation whose refusal is a value. */
export class Refusal extends Error {}

/** An operation spelled for a server where `/` of the model is `base`. */
export function spell(
  { where, variant }: Operation,
  id: string,
  { base, exact }: { base: string; exact: boolean },
): Spelled {
  const prefix = where === '.' ? '' : where === '/' ? `${base}/` : `${where.startsWith('/') ? base : ''}${where}/`;
  const plain = where.startsWith('/') ? base + (where === '/' && base !== '' ? '' : where) : where;
  const path = prefix + id;
  return {
    id,
    where,
    variant,
    path,
    // The scripted server does not look at what comes before `..`: the name tells whose command this is.
    folder: exact && variant % 2 === 1 ? `${path}/..` : plain,
    unspell: (answered) => (answered === base ? '/' : answered.replace(base, '')),
    exact,
    large: variant === 5,
  };
}

/** The outcome of what works on its file, or lists its directory; `shows` says what of it is seen. */
export function inDirectory(
  state: State,
  at: Spelled,
  shows: (directory: Directory) => string = () => '',
  more: Partial<Outcome> = {},
): Outcome {
  const directory = directoryAt(state.directory, at.where);
  return directory === undefined ? { shows: undefined, ...more } : { shows: shows(directory), directory, ...more };
}

/** The mark of what removes its file, or moves it away. */
export const removed = (_at: Spelled, _directory: Directory, found: Found): Mark =>
  found === undefined ? 'whole' : 'none';

/** The mark of what writes: `before` is what was there, `written` what comes behind it. */
export function written(before: string | undefined, text: string, found: Found): Mark {
  if (found?.text === before) return 'none';
  if (found?.text === undefined) return 'spoilt';
  const whole = (before ?? '') + text;
  if (found.text === whole) return 'whole';
  return whole.startsWith(found.text) && found.text.startsWith(before ?? '') ? 'partial' : 'spoilt';
}

/** The text that an upload sends. */
export function sentBy({ id, large }: Spelled): string {
  return `${id} was sent. `.repeat(large ? 5000 : 10);
}

export const planted = (at: Spelled, directory: Directory): string => contentOf(at.id, directory, at.large);
export const baseName = (path: string): string => posix.basename(path);
