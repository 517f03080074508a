/**
 * Random work that ends: whatever a server refuses, delays, does not answer or cuts off, each operation ends, and so does the client.
 *
 * The work is cancelled, held by slow consumers, and asked for in the middle of other work. Time passes only in steps of the spec. What has
 * not ended after all time limits has been forgotten: a lease that nobody grants, say, or a wait without a timer.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FtpClient } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { type Command, type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { runs, timeLimitMs } from '../support/trust.js';
import { clientOf } from './support/open.js';
import { isHeld, Latches, randomWork } from './support/random-work.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const COUNT = runs(40);
const FIRST = Number(process.env.RXFTP_SEED ?? 1);
const files = { '/a': 'first', '/b': 'x'.repeat(300_000), '/d/x': 'in it', '/d/y': 'in it' };
const VERBS = ['RETR', 'STOR', 'MLSD', 'SIZE', 'CWD', 'TYPE', 'DELE', 'RNTO', 'EPSV', 'SITE', 'USER', 'NOOP', 'ABOR'];
/** The longest time limit of the clients. */
const LIMIT_MS = 30_000;
/** In each but the first ones a tenth of that passes. */
const MOST_ROUNDS = 400;

afterEach(() => vi.useRealTimers());

class Program {
  readonly random: Random;
  readonly server: ScriptedServer;
  readonly ftp: FtpClient;
  readonly log: string[] = [];
  readonly #all: { readonly name: string; readonly work: Observation<unknown> }[] = [];
  readonly #answers = new Latches();
  readonly #consumers = new Latches();
  /** The server only answers from now on. */
  #isCalm = false;

  constructor(random: Random, server: ScriptedServer) {
    this.random = random;
    this.server = server;
    for (const verb of VERBS) server.on(verb, (session, _argument, command) => this.#answer(session, command));
    const chance = (probability: number, value: number): number => (random.chance(probability) ? value : 0);
    this.ftp = clientOf(server, {
      maxSessions: random.pick([1, 2, 3, 4, 4]),
      idleTimeoutMs: chance(0.3, 5_000),
      keepAliveMs: chance(0.3, 3_000),
      replyTimeoutMs: LIMIT_MS,
      stallTimeoutMs: LIMIT_MS,
      abortTimeoutMs: 5_000,
      ...(random.chance(0.5) ? { retry: { attempts: 3 } } : {}),
    });
  }

  get left(): string[] {
    return this.#all.filter(({ work }) => work.end === undefined).map(({ name }) => name);
  }

  step(): void {
    const { random } = this;
    const at = random.fraction();
    if (at < 0.5) this.start();
    else if (at < 0.64) this.#unsubscribe();
    else if (at < 0.84) this.#answers.openOne(random);
    else if (at < 0.9) this.#consumers.openOne(random);
    else if (at < 0.96) this.#pass(random.pick([20, 500, 1_000, 5_000, 11_000]));
    else this.#kill();
  }

  start(depth = 0): void {
    const again = (): void => {
      if (depth < 3 && this.random.chance(0.7)) this.start(depth + 1);
    };
    const [name, work$] = randomWork({ ftp: this.ftp, random: this.random, consumers: this.#consumers, again });
    this.log.push(name);
    const work = observe(work$, { name });
    this.#all.push({ name, work });
  }

  /** Time passes until all has ended that no consumer holds, without an answer to what the server has not answered yet. */
  async endUnheld(): Promise<void> {
    this.#isCalm = true;
    for (let round = 0; round < MOST_ROUNDS && !this.left.every(isHeld); round += 1) await pass(LIMIT_MS / 10);
  }

  /** The same; the server answers, and consumers take what comes. */
  async end(): Promise<void> {
    this.#isCalm = true;
    const isOver = (): boolean => this.left.length === 0 && !this.#answers.any && !this.#consumers.any;
    for (let round = 0; round < MOST_ROUNDS && !isOver(); round += 1) {
      this.#answers.openAll();
      this.#consumers.openAll();
      await aWhile();
      if (round > 3) await pass(LIMIT_MS / 10);
    }
  }

  async close(): Promise<void> {
    const drain = this.random.chance(0.5);
    this.log.push(drain ? 'drain' : 'close');
    this.#all.push({ name: 'close$', work: observe<unknown>(this.ftp.close$({ drain })) });
    await aWhile();
  }

  async #answer(session: Session, command: Command): Promise<void> {
    const at = this.#isCalm ? 1 : this.random.fraction();
    if (at < 0.4) await this.#answers.wait();
    else if (at < 0.43) return session.reply('450 Not now.');
    else if (at < 0.46) return session.reply('550 Never.');
    else if (at < 0.47) return session.reply('421 I end.');
    else if (at < 0.49) return session.closeControl(this.random.pick(['fin', 'rst']));
    else if (at < 0.5) return;
    else if (at < 0.52) await session.reply('150 Odd.');
    await (command.verb === 'SITE' ? session.reply('200 Done.') : command.byDefault());
  }

  #unsubscribe(): void {
    const live = this.#all.filter(({ work }) => work.end === undefined);
    const one = live[this.random.below(live.length)];
    if (one === undefined) return;
    this.log.push(`leave ${one.name}`);
    one.work.unsubscribe();
  }

  #kill(): void {
    const open = this.server.sessions.filter(({ closed }) => !closed);
    this.log.push('kill');
    void open[this.random.below(open.length)]?.closeControl(this.random.pick(['fin', 'rst'])).catch(() => {});
  }

  #pass(ms: number): void {
    this.log.push(`${ms} ms`);
    vi.advanceTimersByTime(ms);
  }
}

async function runProgram(seed: number): Promise<void> {
  const random = new Random(seed);
  const greeting = random.pick(['220 ProFTPD Server', '220 Ready (rxftp test server)', '220 Hello.']);
  const server = await scriptedServer({ greeting, files });
  fakeTimers();
  const program = new Program(random, server);
  const steps = 20 + random.below(60);
  for (let step = 0; step < steps; step += 1) {
    program.step();
    if (random.chance(0.6)) await aWhile();
    if (random.chance(0.005)) await program.close();
  }
  if (random.chance(0.5)) {
    await program.endUnheld();
    expect([seed, program.left.filter((name) => !isHeld(name)), program.log]).toEqual([seed, [], program.log]);
  }
  await program.end();
  expect([seed, program.left, program.log]).toEqual([seed, [], program.log]);
  await program.close();
  await program.end();
  expect([seed, program.left, vi.getTimerCount()]).toEqual([seed, [], 0]);
  vi.useRealTimers();
  await server.close();
}

describe('random work', () => {
  it(
    'ends',
    async () => {
      for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) await runProgram(seed);
    },
    timeLimitMs(120_000),
  );
});
