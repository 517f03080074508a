/**
 * Random work that waits: a transfer waits only while each session of the client has a command that its server has not answered. Other work
 * may go first, but within 10 seconds at most.
 *
 * Nothing but a server's answer and time lets work go on, and its commands have no time limits. So a wait without a timer shows here.
 */
import type { Observable } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FtpClient } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { runs, timeLimitMs } from '../support/trust.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const COUNT = runs(20);
const FIRST = Number(process.env.RXFTP_SEED ?? 1);
const NO_LIMIT = 0x7fffffff;
/** For less than that a session is kept from transfers, and an abort may last. Commands that follow each other take a part each. */
const PART_MS = 2_000;
const PARTS = 12;
const files = { '/a': 'first', '/d/x': 'in it' };

afterEach(() => vi.useRealTimers());

async function passAll(): Promise<void> {
  for (let part = 0; part < PARTS; part += 1) await pass(PART_MS);
}

interface Unanswered {
  readonly session: Session;
  readonly isTransfer: boolean;
  readonly answer: () => void;
}

function isTransfer({ name }: Observation<unknown>): boolean {
  return name === 'retr' || name === 'stor';
}

class Program {
  readonly #random: Random;
  readonly #server: ScriptedServer;
  readonly #ftp: FtpClient;
  readonly #maxSessions: number;
  readonly #asked: Observation<unknown>[] = [];
  #unanswered: Unanswered[] = [];
  readonly log: string[] = [];

  constructor(random: Random, server: ScriptedServer) {
    this.#random = random;
    this.#server = server;
    this.#maxSessions = random.pick([1, 2, 3, 4]);
    const limits = { replyTimeoutMs: NO_LIMIT, stallTimeoutMs: NO_LIMIT };
    this.#ftp = clientOf(server, { maxSessions: this.#maxSessions, ...limits });
    for (const verb of ['RETR', 'STOR', 'MLSD', 'SIZE']) {
      server.on(verb, async (session, _argument, { byDefault }) => {
        if (random.chance(0.8)) await this.#letWait(session, verb);
        await byDefault();
      });
    }
  }

  step(): void {
    const at = this.#random.fraction();
    if (at < 0.6) this.#ask();
    else if (at < 0.75) this.#leave();
    else if (at < 0.9) this.answer();
    else this.#pass(this.#random.pick([500, 3_000, 9_000]));
  }

  get isOver(): boolean {
    return this.#live.length === 0;
  }

  answer(): void {
    const { length } = this.#open;
    const one = this.#open[this.#random.below(length)];
    if (one === undefined) return;
    this.log.push('answer');
    this.#unanswered = this.#unanswered.filter((each) => each !== one);
    one.answer();
  }

  /** After the time that work may wait for other reasons. What is behind a change waits until all before it has ended. */
  async expectNoIdleSession(): Promise<void> {
    await passAll();
    const asked = this.#live.filter(isTransfer).length;
    const begun = this.#open.filter((each) => each.isTransfer).length;
    const busy = new Set(this.#open.map(({ session }) => session)).size;
    const hasChange = this.#live.some(({ name }) => name === 'cwd');
    const expected = asked > begun && !hasChange ? this.#maxSessions : Math.min(1, this.#live.length);
    const where = [...this.log, ...this.#server.commands.slice(-6)];
    expect([busy >= expected, where]).toEqual([true, where]);
  }

  async close(): Promise<void> {
    const closed = observe(this.#ftp.close$());
    await aWhile();
    for (const { answer } of this.#unanswered.splice(0)) answer();
    await passAll();
    await closed.settled;
  }

  get #live(): readonly Observation<unknown>[] {
    return this.#asked.filter(({ end }) => end === undefined);
  }

  get #open(): readonly Unanswered[] {
    const ended = new Set(this.#server.journal.of('control-ended').map(({ session }) => session));
    return this.#unanswered.filter(({ session }) => !session.closed && !ended.has(session.id));
  }

  #ask(): void {
    const ftp = this.#ftp;
    const works: [[string, () => Observable<unknown>], ...[string, () => Observable<unknown>][]] = [
      ['retr', () => ftp.retr$('/a')],
      ['retr', () => ftp.retr$('/a')],
      ['stor', () => ftp.stor$('/up', 'x')],
      ['size', () => ftp.size$('/a')],
      ['list', () => ftp.entries$('/d')],
      ['cwd', () => ftp.cwd$('/')],
    ];
    const [name, work] = this.#random.pick(works);
    this.log.push(name);
    this.#asked.push(observe(work(), { name }));
  }

  #letWait(session: Session, verb: string): Promise<void> {
    const isTransfer = verb === 'RETR' || verb === 'STOR';
    return new Promise((answer) => this.#unanswered.push({ session, isTransfer, answer }));
  }

  #leave(): void {
    const live = this.#live;
    const one = live[this.#random.below(live.length)];
    if (one === undefined) return;
    this.log.push(`leave ${one.name}`);
    one.unsubscribe();
  }

  #pass(ms: number): void {
    this.log.push(`${ms} ms`);
    vi.advanceTimersByTime(ms);
  }
}

async function runProgram(seed: number): Promise<void> {
  const random = new Random(seed);
  const server = await scriptedServer({ greeting: random.pick(['220 ProFTPD Server', '220 Hello.']), files });
  fakeTimers();
  const program = new Program(random, server);
  const steps = 5 + random.below(25);
  for (let step = 0; step < steps; step += 1) {
    program.step();
    if (random.chance(0.6)) await aWhile();
  }
  for (let part = 0; part < 100 && !program.isOver; part += 1) {
    await program.expectNoIdleSession();
    program.answer();
  }
  expect([seed, program.isOver]).toEqual([seed, true]);
  await program.close();
  vi.useRealTimers();
  await server.close();
}

describe('random work', () => {
  it(
    'waits for nothing but busy sessions',
    async () => {
      for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) await runProgram(seed);
    },
    timeLimitMs(120_000),
  );
});
