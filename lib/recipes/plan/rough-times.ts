/**
 * Finds the exact times of files whose listing gives rough ones, by MDTM of several small files together.
 *
 * The client sends these commands in one write, so they cost one round trip. It asks for a time before the bytes, so a later change never
 * stays hidden. It moves few bytes between the two, so a time is still fresh when it is used.
 */
import { Subscription } from 'rxjs';
import { askIfTold, isRefusedForGood } from '../ask.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import type { PlanStep } from './plan.js';

/** So many files are asked about together: as many commands as a window has. */
const MOST_FILES = 32;
/** So many bytes of the files that are asked about ahead. */
const MOST_BYTES = 1024 * 1024;

/** Undefined if the question has failed otherwise than by a refusal. */
type Answer = { readonly time: Date | undefined } | undefined;

export class RoughTimes {
  readonly #tree: RemoteTree;
  /** The steps whose files have rough times. */
  readonly #rough: readonly PlanStep[];
  readonly #signal: AbortSignal;
  readonly #asking = new Subscription();
  readonly #ahead = new Map<string, Promise<Answer>>();
  /** The first of them that was not asked about. */
  #next = 0;

  /** @param signal ends the questions. */
  constructor(tree: RemoteTree, steps: readonly PlanStep[], signal: AbortSignal) {
    this.#tree = tree;
    this.#rough = steps.filter(isRough);
    this.#signal = signal;
    // One listener for all of them.
    signal.addEventListener('abort', () => this.#asking.unsubscribe(), { once: true });
  }

  /** The time that the copy gets: as the server tells it, else as the listing did; undefined if neither does. */
  async exact(step: PlanStep): Promise<Date | undefined> {
    if (step.rough !== true) return listedTime(step);
    const answer = await this.#answer(step.path);
    this.#signal.throwIfAborted();
    // A question that was asked ahead and has failed is asked once more.
    const time = answer === undefined ? await this.#ask(step.path) : answer.time;
    return time ?? listedTime(step);
  }

  #answer(path: string): Promise<Answer> | undefined {
    if (!this.#ahead.has(path)) this.#askUpTo(path);
    const asked = this.#ahead.get(path);
    this.#ahead.delete(path);
    return asked;
  }

  /** Asks about the next files, among which it is: steps are begun nearly in their order. */
  #askUpTo(path: string): void {
    let bytes = 0;
    for (let files = 0; files < MOST_FILES && (bytes < MOST_BYTES || !this.#ahead.has(path)); files += 1) {
      const step = this.#rough[this.#next];
      if (step === undefined) return;
      this.#next += 1;
      this.#ahead.set(step.path, this.#askAhead(step.path));
      bytes += step.bytes ?? MOST_BYTES;
    }
  }

  /** Its failure is the failure of no step. */
  #askAhead(path: string): Promise<Answer> {
    return new Promise((resolve) => {
      const asking = this.#tree.short.mdtm$(this.#tree.at(path)).subscribe({
        next: (time) => resolve({ time }),
        error: (error: unknown) => resolve(isRefusedForGood(error) ? { time: undefined } : undefined),
      });
      // Once it has an answer, this changes nothing.
      asking.add(() => resolve(undefined));
      this.#asking.add(asking);
    });
  }

  #ask(path: string): Promise<Date | undefined> {
    const signal = this.#signal;
    return askIfTold<Date, 'mdtm$'>(this.#tree.short, 'mdtm$', {
      path: this.#tree.at(path),
      signal,
      option: 'keepTime',
    });
  }
}

function isRough(step: PlanStep): boolean {
  return step.rough === true && (step.do === 'copy' || step.do === 'update');
}

function listedTime({ modified }: PlanStep): Date | undefined {
  return modified === undefined ? undefined : new Date(modified);
}
