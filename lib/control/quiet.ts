/**
 * Waits for the time in which a reply too many may come: some servers answer a verb twice. The next work waits for this time in two cases.
 * One is the first use of a verb. The other is each use of a verb that was answered twice before.
 */
import type { Learned } from './learned.js';

/** A second reply comes right after the first, or not much later. */
const QUIET_MS = 50;

export class Quiet {
  /** Whether a verb's first use is watched too: on a server that its greeting does not name. */
  afterFirstUse = false;
  readonly #learned: Learned;
  readonly #now: () => number;
  #lastVerb: string | undefined;
  #until = 0;
  /** Ends the wait that runs. */
  #endWait: (() => void) | undefined;

  constructor(learned: Learned, now: () => number) {
    this.#learned = learned;
    this.#now = now;
  }

  /** Resolves when the time has passed; undefined when none has to. */
  get over(): Promise<void> | undefined {
    if (this.#until === 0) return undefined;
    const ms = this.#until - this.#now();
    if (ms > 0) return this.#wait(ms);
    this.#until = 0;
    return undefined;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      // A busy process first reads what has come meanwhile.
      let turn: NodeJS.Immediate | undefined;
      const timer = setTimeout(() => {
        turn = setImmediate(() => this.#endWait?.());
      }, ms);
      const others = this.#endWait;
      this.#endWait = () => {
        clearTimeout(timer);
        clearImmediate(turn);
        this.#endWait = undefined;
        resolve();
        others?.();
      };
    });
  }

  /** The last command to `verb` has its answer. */
  answered(verb: string): void {
    this.#lastVerb = verb;
    const first = this.#learned.isFirstUse(verb);
    if ((first && this.afterFirstUse) || this.#learned.isDoubled(verb)) this.begin();
  }

  /** One reply too many may come from now on. */
  begin(): void {
    this.#until = this.#now() + QUIET_MS;
  }

  /** A reply came while nothing was unanswered: the last verb was answered twice. No more is to come then. */
  surplus(): void {
    if (this.#lastVerb === undefined) return;
    if (this.#learned.isDoubled(this.#lastVerb)) this.end();
    this.#learned.addDoubled(this.#lastVerb);
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#until = 0;
    this.#endWait?.();
  }
}
