/** Keeps the faults that a test requests. Each strikes at the next command with its verb, and at that one only. */
import { FtpUsageError } from '../errors.js';
import { DATA_VERBS, requireKnownVerb } from './verbs.js';

/**
 * A fault of the next command with a verb.
 *
 * - `{ refuse: 450, text }`: it is answered by this code, and nothing is done.
 * - `{ delayMs: 200 }`: it is done that many milliseconds later, unless its client has left by then. Below 2 ** 31.
 * - `{ cut: 'data', afterBytes }`: the data connection ends after that many bytes (default 0), and the transfer by 426.
 * - `{ reset: 'data', afterBytes }`: the same by a TCP reset. It may take bytes along that the client has not read yet.
 * - `{ stall: 'data', afterBytes }`: no more moves after that many bytes, until ABOR or the end of the connection.
 * - `{ truncate: bytes }`: the data ends after that many bytes, and 226 calls the transfer complete. Of an upload the rest is
 *   thrown away.
 * - `{ cut: 'control', afterBytes }`, `{ reset: 'control', afterBytes }`: the whole session ends. In a transfer it ends after that many
 *   bytes of data, else after that many bytes of the reply.
 * - `{ stall: 'control', afterBytes }`: no reply comes any more after that many bytes of it, and no later command is answered.
 *
 * Data that is shorter than `afterBytes` fails at its end.
 */
export type TestFault =
  | Alone<{ readonly refuse: number; readonly text?: string | undefined }>
  | Alone<{ readonly delayMs: number }>
  | Alone<{ readonly cut: FaultyConnection; readonly afterBytes?: number | undefined }>
  | Alone<{ readonly reset: FaultyConnection; readonly afterBytes?: number | undefined }>
  | Alone<{ readonly stall: FaultyConnection; readonly afterBytes?: number | undefined }>
  | Alone<{ readonly truncate: number }>;

/** The names of all faults and of their parts. */
type Part = (typeof KINDS)[number] | 'text' | 'afterBytes';

/** A fault without the parts of others: a connection ends in one way. */
type Alone<Fault> = Fault & { readonly [Other in Exclude<Part, keyof Fault>]?: undefined };

/** The connection that a fault hits. */
export type FaultyConnection = 'data' | 'control';

/** A connection that fails after some bytes, in one shape for all such faults. */
export interface Break {
  readonly how: 'cut' | 'reset' | 'stall' | 'truncate';
  readonly on: FaultyConnection;
  readonly afterBytes: number;
}

/** A fault, taken apart. */
export interface Fault {
  readonly refusal?: string;
  readonly delayMs?: number;
  readonly break?: Break;
}

const KINDS = ['refuse', 'delayMs', 'cut', 'reset', 'stall', 'truncate'] as const;

/** The faults that no command has met yet, by verb. */
export class Faults {
  readonly #waiting = new Map<string, Fault[]>();

  /** Throws an FtpUsageError for a verb that the server does not know, and for a fault that is none. */
  add(verb: string, how: TestFault, scripted: ReadonlySet<string>): void {
    const known = requireKnownVerb(verb, scripted);
    const fault = readFault(known, how);
    this.#waiting.set(known, [...(this.#waiting.get(known) ?? []), fault]);
  }

  /** The fault of this command, which is used up by it. */
  take(verb: string): Fault | undefined {
    return this.#waiting.get(verb)?.shift();
  }
}

function readFault(verb: string, how: TestFault): Fault {
  const given = (typeof how === 'object' ? how : undefined) as Readonly<Record<string, unknown>> | null | undefined;
  const names = Object.keys(given ?? {}).filter((name) => given?.[name] !== undefined);
  const kinds = KINDS.filter((kind) => names.includes(kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw unknownFault(`must have exactly one of ${KINDS.join(', ')}`);
  const extra = kind === 'refuse' ? 'text' : 'afterBytes';
  const allowed: readonly string[] = kind === 'delayMs' || kind === 'truncate' ? [kind] : [kind, extra];
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw unknownFault(`has no ${unknown} beside ${kind}`);
  return faultOf(verb, kind, given?.[kind], given?.[extra]);
}

function faultOf(verb: string, kind: (typeof KINDS)[number], value: unknown, extra: unknown): Fault {
  if (kind === 'refuse') return { refusal: refusal(value, extra) };
  if (kind === 'delayMs') return { delayMs: delayOf(value) };
  if (kind === 'truncate') return { break: breakOf(verb, { how: kind, on: 'data', afterBytes: count(kind, value) }) };
  if (value !== 'data' && value !== 'control')
    throw unknownFault(`takes { ${kind}: 'data' } or { ${kind}: 'control' }`);
  return { break: breakOf(verb, { how: kind, on: value, afterBytes: count('afterBytes', extra ?? 0) }) };
}

function breakOf(verb: string, made: Break): Break {
  if (made.on === 'control' || DATA_VERBS.has(verb)) return made;
  throw new FtpUsageError(`${verb} has no data connection: only ${[...DATA_VERBS].join(', ')} can fail like that`);
}

function refusal(code: unknown, text: unknown = 'The test refuses this command.'): string {
  if (!(Number.isInteger(code) && Number(code) >= 400 && Number(code) <= 599)) {
    throw unknownFault('refuses with a code from 400 to 599');
  }
  if (typeof text !== 'string' || /[\r\n\0]/.test(text)) throw unknownFault('has a text of one line');
  return `${code} ${text}`;
}

function count(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw unknownFault(`has a whole number from 0 as ${name}`);
}

function delayOf(value: unknown): number {
  const delayMs = count('delayMs', value);
  if (delayMs < 2 ** 31) return delayMs;
  throw unknownFault('has a delayMs below 2147483648: a timer of Node has no more');
}

function unknownFault(rule: string): FtpUsageError {
  return new FtpUsageError(`A fault ${rule}`);
}
