/**
 * One run of the explorer: a script of operations over the library's own channel, against a model of a server in virtual time,
 * with one fault at one place. It tells for each operation what came of it, beside what the server has really said.
 */
import { vi } from 'vitest';
import { ControlChannel } from '../../../lib/control/control-channel.js';
import { type FinalReply, request } from '../../../lib/control/request.js';
import { FtpConnectionError, isFtpError } from '../../../lib/errors.js';
import { command } from '../../../lib/protocol/command.js';
import { settings, Wire } from '../../control/support/wire.js';

export interface Operation {
  readonly name: string;
  /** Command lines; two of them are a sequence. */
  readonly lines: readonly string[];
}

export interface Link {
  readonly name: string;
  /** How long a command and its reply take together, in milliseconds. */
  readonly tripMs: number;
  /** Whether the client has measured that. */
  readonly told: boolean;
}

export const LINKS: readonly Link[] = [
  { name: 'near', tripMs: 4, told: false },
  { name: 'fast', tripMs: 30, told: false },
  { name: 'slow', tripMs: 120, told: true },
];

/** When a line of a fault comes, beside the reply to the command at that place. */
export type Phase = 'before' | 'after' | 'early' | 'late' | 'next' | 'quiet';

export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'stray'; readonly at: number; readonly line: string; readonly phase: Phase }
  | { readonly kind: 'odd'; readonly at: number; readonly line: string; readonly always: boolean }
  | { readonly kind: 'missing'; readonly at: number }
  | { readonly kind: 'twice'; readonly verb: string; readonly afterMs: number; readonly inTurn: boolean };

/** The result of an operation: a value, `done`, `refused`, `unknown` or `closed`. */
export type Outcome = string;

export interface Played {
  readonly outcomes: readonly Outcome[];
  /** The server's answer to each operation, without the fault. */
  readonly truths: readonly Outcome[];
  /** How many commands were sent for fences. */
  readonly fences: number;
  readonly closed: boolean;
  /** Of each command that an operation has sent, the index of the operation. */
  readonly operationOf: readonly number[];
  /** All that was sent, fences included. */
  readonly commands: readonly string[];
}

const END_MS = 20_000;
const QUIET_MS = 70;

/** The server's own reply to a command line. */
function answer(line: string): string {
  const [verb = '', argument] = line.split(' ');
  if (argument === 'none') return '550 none';
  const answers: Readonly<Record<string, string>> = {
    ...{ SIZE: `213 ${argument === 'a' ? 11 : 22}`, MDTM: '213 20240229123456', PWD: '257 "/here"', MKD: '257 "/new"' },
    ...{ DELE: '250 deleted', CWD: '250 gone', NOOP: '200 ok', RNFR: '350 to?', RNTO: '250 renamed' },
  };
  return answers[verb] ?? '502 what?';
}

function outcomeOf(line: string, { reply, outcome }: FinalReply): Outcome {
  if (outcome === 'refusal') return 'refused';
  return hasValue(line) ? reply.text : 'done';
}

const hasValue = (line: string): boolean => /^(SIZE|MDTM|PWD|MKD)/.test(line);

const truthOf = (line: string): Outcome => {
  const text = answer(line);
  if (text.startsWith('550')) return 'refused';
  return hasValue(line) ? text.slice(4) : 'done';
};

/** The model of a server: replies in the order of the commands, each one trip after its command. */
class ServerModel {
  readonly commands: string[] = [];
  readonly #link: Link;
  readonly #fault: Fault;
  readonly #say: (text: string, afterMs: number) => void;
  #busyUntil = 0;

  constructor(link: Link, fault: Fault, say: (text: string, afterMs: number) => void) {
    this.#link = link;
    this.#fault = fault;
    this.#say = say;
  }

  serve(line: string): void {
    const at = this.commands.push(line) - 1;
    const fault = this.#fault;
    const now = performance.now();
    const finalMs = Math.max(this.#link.tripMs, this.#busyUntil - now);
    this.#busyUntil = now + finalMs;
    const refusedBefore = this.commands[at - 1] === 'RNFR none';
    let own = [line.startsWith('RNTO') && refusedBefore ? '503 RNFR first' : answer(line)];
    if (fault.kind === 'missing' && fault.at === at) own = [];
    if (fault.kind === 'odd' && (fault.at === at || (fault.always && at > fault.at && this.#isLike(line, fault.at)))) {
      own = [fault.line];
    }
    if (fault.kind === 'twice' && line.startsWith(fault.verb)) {
      if (fault.afterMs === 0) own = [...own, ...own];
      else this.#say(own.join('\r\n'), finalMs + fault.afterMs);
      if (fault.inTurn) this.#busyUntil += fault.afterMs;
    }
    if (fault.kind === 'stray' && fault.at === at) own = this.#astray(own, fault, finalMs);
    if (own.length > 0) this.#say(own.join('\r\n'), finalMs);
  }

  #isLike(line: string, at: number): boolean {
    return this.commands[at]?.split(' ')[0] === line.split(' ')[0];
  }

  #astray(own: string[], { line, phase }: Fault & { kind: 'stray' }, finalMs: number): string[] {
    const quarter = Math.min(10, this.#link.tripMs / 4);
    if (phase === 'before') return [line, ...own];
    if (phase === 'after') return [...own, line];
    const when = { early: quarter, late: finalMs - quarter, next: finalMs + quarter, quiet: finalMs + QUIET_MS };
    this.#say(line, when[phase]);
    return own;
  }
}

/** Plays a script; fake timers, `performance` included, must be on. */
export async function play(script: readonly Operation[], link: Link, fault: Fault): Promise<Played> {
  const wire = new Wire();
  const channel = new ControlChannel(wire, { ...settings, abortTimeoutMs: 5_000 });
  channel.answersOnce = false;
  if (link.told) channel.roundTrip.measured(link.tripMs);
  const say = (text: string, afterMs: number): void => {
    setTimeout(() => {
      if (channel.cause === undefined) wire.receive(`${text}\r\n`);
    }, afterMs);
  };
  const server = new ServerModel(link, fault, say);
  channel.command$.subscribe((line) => server.serve(line));
  const outcomes: Outcome[] = [];
  const asked: number[] = [];
  const running = runAll(channel, script, outcomes, asked);
  await vi.advanceTimersByTimeAsync(END_MS);
  await running;
  const closed = channel.cause !== undefined;
  channel.close(new FtpConnectionError('over', { channel: 'control', phase: 'close' }));
  await vi.advanceTimersByTimeAsync(END_MS);
  return {
    outcomes,
    truths: script.map(
      ({ lines }) => lines.map(truthOf).find((truth) => truth === 'refused') ?? truthOf(lines.at(-1) ?? ''),
    ),
    fences: server.commands.length - asked.length,
    closed,
    operationOf: asked,
    commands: server.commands,
  };
}

async function runAll(
  channel: ControlChannel,
  script: readonly Operation[],
  outcomes: Outcome[],
  asked: number[],
): Promise<void> {
  for (const [by, { lines }] of script.entries()) {
    for (let wait = channel.settle(); wait !== undefined; wait = channel.settle()) await wait;
    outcomes.push(await run(channel, lines, () => asked.push(by)));
  }
}

async function run(
  channel: ControlChannel,
  [first = '', second]: readonly string[],
  onAsk: () => void,
): Promise<Outcome> {
  const ask = (line: string, more = {}): Promise<FinalReply> => {
    onAsk();
    return request(channel, command(...(line.split(' ') as [string])), { timeoutMs: 10_000, ...more });
  };
  try {
    if (second === undefined) return outcomeOf(first, await ask(first));
    const begun = await ask(first, { inSequence: true });
    if (begun.outcome === 'refusal') return 'refused';
    return outcomeOf(second, await ask(second, { doubtful: begun.odd === true }));
  } catch (error) {
    if (!isFtpError(error)) throw error;
    return channel.cause === undefined ? error.outcome : 'closed';
  }
}
