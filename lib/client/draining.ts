/**
 * Counts the operations of a client or session, which may finish before it closes. From the closing on it takes no others.
 *
 * It counts operations, not their commands. An operation that waits for a login, or for its next try, counts too. It still admits a
 * download that is the source of a counted upload. Larger work counts too, and may undo what it has done (`parts.ts`).
 */
import type { LeaseTask, TaskRunner, WorkEnd } from '../control/task-runner.js';
import { FtpUsageError } from '../errors.js';

export class Draining implements TaskRunner {
  readonly #runner: TaskRunner;
  readonly #refusal: string;
  readonly #isSource: () => boolean;
  /** One object for each operation, or larger work, that has not ended. */
  readonly #asked = new Set<object>();
  #refuses = false;
  #undoes = false;
  #onDrained: (() => void)[] = [];

  /**
   * `refusal` is the message of later operations' errors. `isSource` tells whether a running upload's source asks for the present
   * operation.
   */
  constructor(runner: TaskRunner, refusal: string, isSource: () => boolean = () => false) {
    this.#runner = runner;
    this.#refusal = refusal;
    this.#isSource = isSource;
  }

  start(task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    const undoes = this.#undoes;
    if (this.#refuses && !undoes && !this.#isSource()) {
      ended({ error: new FtpUsageError(this.#refusal) });
      return () => {};
    }
    const operation = {};
    this.#asked.add(operation);
    // The start may tell users of a new state, and what they ask for then undoes nothing.
    this.#undoes = false;
    const cancel = this.#runner.start(task, (end) => {
      this.#leave(operation);
      ended(end);
    });
    this.#undoes = undoes;
    return () => {
      if (this.#leave(operation)) cancel();
    };
  }

  /** Does nothing once operations are refused: the one that asks for it is then refused too. */
  interrupt(...reason: Parameters<TaskRunner['interrupt']>): void {
    if (!this.#refuses) this.#runner.interrupt(...reason);
  }

  /** Larger work begins: it counts until the returned function is called. */
  hold(): () => void {
    const work = {};
    this.#asked.add(work);
    return () => void this.#leave(work);
  }

  /** The operations that `subscribe` asks for undo a part of larger work: they are not refused. */
  undo<T>(subscribe: () => T): T {
    this.#undoes = true;
    try {
      return subscribe();
    } finally {
      this.#undoes = false;
    }
  }

  /** Takes no operation from now on. */
  refuse(): void {
    this.#refuses = true;
  }

  /** The same; resolves when the earlier operations have ended, or were unsubscribed. Never rejects. */
  drain(): Promise<void> {
    this.refuse();
    if (this.#asked.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  /** False if it has ended before, or was left: as a rule its subscription ends right after it. */
  #leave(operation: object): boolean {
    if (!this.#asked.delete(operation)) return false;
    if (this.#asked.size === 0 && this.#onDrained.length > 0) this.#tellDrained();
    return true;
  }

  #tellDrained(): void {
    for (const drained of this.#onDrained.splice(0)) drained();
  }
}
