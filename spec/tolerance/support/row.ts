/**
 * One operation of the tables, and short ways to write one: which command the server answers oddly, which replies are
 * usual for it, and which value the operation gives for an answer.
 *
 * `stage` says where the command stands: alone, first in a sequence, before a transfer (port), or at a transfer's begin
 * or end. The judge derives the right outcome from it.
 */
import { lastValueFrom, map, type Observable, toArray } from 'rxjs';
import type { FtpOperations, FtpOptions } from '../../../lib/index.js';

export type Stage = 'reply' | 'first' | 'port' | 'begin' | 'final';

export interface Row {
  readonly name: string;
  /** The command that is answered oddly. */
  readonly verb: string;
  readonly run: (ftp: FtpOperations) => Promise<unknown>;
  /** The usual completion or intermediate codes, the server's own first; `any` for a command that no RFC knows. */
  readonly codes: readonly number[] | 'any';
  /** The operation's result when this reply is the answer. */
  readonly value: (answer: string) => unknown;
  readonly stage?: Stage;
  /** The value that the reply promises; a usual code without it is odd. */
  readonly form?: RegExp;
  /** An odd completion keeps the text of the server's own reply: nothing else can be its value. */
  readonly keepsText?: boolean;
  /** Completion codes that are not usual for this command; default 226 and 231. */
  readonly odd?: readonly number[];
  /** The server's whole own reply, in place of the scripted server's. */
  readonly own?: string;
  /** A refusal is a value, not an error. */
  readonly raw?: boolean;
  /** TYPE I was not sent before. */
  readonly cold?: boolean;
  /** Other commands of its own are on the way in a window, or every reply is usual: its neighbours prove nothing. */
  readonly alone?: boolean;
  /** Its place among the two commands of the operation, which leave in one write on a server with a window. */
  readonly pair?: 'first' | 'second';
  readonly options?: Partial<FtpOptions>;
}

export type Run = Row['run'];
type Call<T> = (ftp: FtpOperations) => Observable<T>;

export const done: readonly number[] = [200, 202, 250];
export const timed: readonly number[] = [213, ...done];
export const transferred: readonly number[] = [226, 250];
export const site: readonly number[] = [200, 202, 250, 210, 211, 212, 213, 214, 215, 257];

export const gives = <T>(call: Call<T>, read: (value: T) => unknown = (value) => value): Run => {
  return (ftp) => lastValueFrom(call(ftp).pipe(map(read)));
};
export const replies = (call: Call<{ code: number; text: string }>): Run =>
  gives(call, ({ code, text }) => `${code} ${text}`);
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
export const count = (call: Call<unknown>): Run =>
  gives(
    (ftp) => call(ftp).pipe(toArray()),
    (all) => all.length,
  );
export const bytes = (call: Call<{ bytes: number }>): Run => gives(call, (last) => last.bytes);

const answer = (line: string): string => line;
const always = (value: unknown) => (): unknown => value;
export const reply = (
  name: string,
  verb: string,
  call: Call<{ code: number; text: string }>,
  more: Partial<Row> = {},
): Row => ({
  name,
  verb,
  run: replies(call),
  codes: done,
  value: answer,
  ...more,
});
export const value = (name: string, verb: string, run: Run, is: unknown, more: Partial<Row> = {}): Row => ({
  name,
  verb,
  run,
  codes: done,
  value: always(is),
  ...more,
});
export const final = (name: string, verb: string, run: Run, is: unknown): Row =>
  value(`${name}, its last reply`, verb, run, is, { stage: 'final', codes: transferred, odd: [200, 231] });

/** The options of the next version of the library have more values than the types of this one. */
export const nextOptions = (options: Readonly<Record<string, unknown>>): Partial<FtpOptions> =>
  options as Partial<FtpOptions>;
