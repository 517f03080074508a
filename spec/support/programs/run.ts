/** Runs a program, and tells how each of its operations has ended. */
import { take } from 'rxjs';
import { FtpConnectionError, FtpReplyError, FtpTransferError } from '../../../lib/index.js';
import { type Observation, observe } from '../observe.js';
import type { Program, Step } from './program.js';
import { idOf, type Target } from './target.js';
import { Refusal, type Spelled } from './verb.js';
import { verbOf } from './verbs/index.js';

/** The time after which an operation, or the end of the client, will never end. */
const endWithinMs = 8_000;

export interface Run {
  readonly verb: string;
  readonly at: Spelled;
  readonly step: Extract<Step, { do: 'start' }>;
  /**
   * `unsent`: its subscriber has left in the turn in which it came. `lost`: by a connection or transfer that was broken.
   * `odd`: with an error that the model does not know.
   */
  end: 'complete' | 'refused' | 'lost' | 'left' | 'unsent' | 'forgotten' | 'odd';
  shown: string;
  error?: unknown;
}

interface Started extends Run {
  readonly observation: Observation<string>;
  readonly turn: number;
}

/** Resolves when all operations have ended, the client is closed, and the server has done what it was sent. */
export async function runProgram(program: Program, target: Target): Promise<readonly Run[]> {
  const runner = new Runner(target);
  for (const step of program.steps) {
    const waited = runner.take(step);
    if (waited !== undefined) await waited;
  }
  const runs = await runner.finish();
  if (!(await endsInTime(target.client[Symbol.asyncDispose]()))) throw new Error('the client was never closed');
  if (!(await endsInTime(target.settled()))) throw new Error('the server has never done all that it was sent');
  return runs;
}

/** Whether it settles before the bound. The timer is that bound alone: it is cleared as soon as the work settles. */
async function endsInTime(work: Promise<unknown>): Promise<boolean> {
  let bound: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    bound = setTimeout(resolve, endWithinMs, false);
  });
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(bound);
  return inTime;
}

class Runner {
  readonly #target: Target;
  readonly #started: Started[] = [];
  #turn = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  take(step: Step): Promise<void> | undefined {
    switch (step.do) {
      case 'start':
        return this.#start(step);
      case 'leave':
        return this.#leave(this.#back(step.back));
      case 'await':
        return this.#await(this.#back(step.back));
      case 'turns':
        return this.#pass(step.turns);
      case 'cut':
        return void this.#target.cut(step.nth);
    }
  }

  async finish(): Promise<readonly Run[]> {
    for (const started of this.#started) await this.#await(started);
    for (const started of this.#started) conclude(started);
    return this.#started;
  }

  #start(step: Extract<Step, { do: 'start' }>): undefined {
    const { operation, leave, cut } = step;
    const id = idOf(this.#started.length);
    const at = this.#target.spell(operation, id);
    const { start, say } = verbOf(operation.verb);
    if (cut !== undefined) this.#target.cutAt(id, cut);
    const operation$ = start(this.#target.client, at);
    const name = `${id} ${say(at)}`;
    const observation = observe(leave === 'at the first value' ? operation$.pipe(take(1)) : operation$, { name });
    const started: Started = {
      ...{ verb: operation.verb, at, step, observation, turn: this.#turn },
      ...{ end: 'forgotten', shown: '' },
    };
    this.#started.push(started);
    if (leave === 'at once') this.#leave(started);
  }

  #leave(started: Started | undefined): undefined {
    if (started === undefined || started.observation.end !== undefined) return;
    started.end = started.turn === this.#turn ? 'unsent' : 'left';
    started.observation.unsubscribe();
  }

  async #await(started: Started | undefined): Promise<void> {
    if (started === undefined) return;
    this.#turn += 1;
    if (!(await endsInTime(started.observation.ended))) started.observation.unsubscribe();
  }

  async #pass(turns: number): Promise<void> {
    this.#turn += 1;
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  #back(back: number): Started | undefined {
    return this.#started[this.#started.length - 1 - (back % Math.max(1, this.#started.length))];
  }
}

function conclude(started: Started): void {
  const { observation } = started;
  started.shown = observation.values.join('');
  if (observation.end === 'complete') started.end = 'complete';
  if (observation.end !== 'error') return;
  started.error = observation.error;
  started.end = endBy(observation.error);
}

function endBy(error: unknown): Run['end'] {
  if (error instanceof FtpReplyError || error instanceof Refusal) return 'refused';
  // ProFTPD refuses a listing of nothing when it has begun it.
  if (error instanceof FtpTransferError && error.reply?.code === 450) return 'refused';
  return error instanceof FtpConnectionError || error instanceof FtpTransferError ? 'lost' : 'odd';
}
