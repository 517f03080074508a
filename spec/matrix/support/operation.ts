/** An operation of the matrix, the tree that all of them work on, and what most of them are made of. */
import { map, type Observable, of, reduce, type Subject, toArray } from 'rxjs';
import { collectBytes, type FtpOperations, type FtpOptions } from '../../../lib/index.js';
import type { AbortStyle } from '../../support/scripted-server.js';
import type { Link } from './link.js';
import type { SeatKind } from './seats.js';

export const text = (letter: string, length: number): string => letter.repeat(length - 2).concat('\r\n');
const content = text('a', 1000) + text('b', 1000) + text('c', 998);

export const files = {
  '/a': content,
  '/x': 'x',
  '/old': 'what was there\r\n',
  '/dir/one': '1',
  '/dir/two': '22',
  '/dir/three': '333',
  '/dir/sub/': '',
  '/empty/': '',
  '/probe': 'what only this file has',
};

/** Its server does not know MLST of it. */
export const WITHOUT_MLST = '/dir/two';

/** The properties of an operation: a column of the table. */
export type Group = 'login' | 'command' | 'sequence' | 'protection' | 'download' | 'listing' | 'upload' | 'abort';

export interface Context {
  /** Emits when the server has taken the first bytes of an upload. */
  readonly taken$: Subject<void>;
}

export interface Operation {
  readonly name: string;
  readonly group: Group;
  /** Emits the value, as one. */
  readonly run: (ftp: FtpOperations, context: Context) => Observable<unknown>;
  /** It changes nothing at the server. */
  readonly reads: boolean;
  readonly abort?: AbortStyle;
  /** Over these links, and by these seats; else over and by all. */
  readonly links?: readonly Link[];
  readonly seats?: readonly SeatKind[];
  /** Of its client or session; `secure` decides also how its server begins. */
  readonly options?: Partial<FtpOptions>;
  /** It is like others that are played over both versions of TLS: each of its runs is played over one of them, in turn. */
  readonly resembles?: true;
  /** Names that FEAT has besides. */
  readonly features?: readonly string[];
  /** It breaks a transfer off, and waits for the end of that. */
  readonly interrupts?: true;
}

export type Run = Operation['run'];

export const reply = (call: (ftp: FtpOperations) => Observable<{ readonly text: string }>): Run => {
  return (ftp) => call(ftp).pipe(map((answer) => answer.text));
};
export const all = (call: (ftp: FtpOperations) => Observable<unknown>): Run => {
  return (ftp) => call(ftp).pipe(toArray());
};
export const bytes = (call: (ftp: FtpOperations) => Observable<{ readonly bytes: number }>): Run => {
  return (ftp) => call(ftp).pipe(reduce((_last, progress) => progress.bytes, -1));
};
export const whole = (options?: Parameters<FtpOperations['retr$']>[1]): Run => {
  return (ftp) =>
    ftp.retr$('/a', options).pipe(
      collectBytes(),
      map((data) => Buffer.from(data).toString()),
    );
};

export const sent = [text('d', 700), text('e', 700), text('f', 700)];
export const source = (): Observable<Uint8Array> => of(...sent.map((piece) => Buffer.from(piece)));

/** Gives one piece, and then nothing for the whole wait. */
export async function* unending(): AsyncGenerator<Uint8Array, undefined> {
  yield Buffer.from(sent[0] ?? '');
  await new Promise(() => undefined);
}

export const reading = (group: Group, name: string, run: Run): Operation => ({ name, group, run, reads: true });
export const writing = (group: Group, name: string, run: Run): Operation => ({ name, group, run, reads: false });

/** Plays each of their runs over one version of TLS. */
export const resembling = (...like: readonly Operation[]): Operation[] =>
  like.map((operation) => ({ ...operation, resembles: true }));
