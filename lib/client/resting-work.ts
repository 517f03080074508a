/**
 * Keeps failed work that waits for its next try. It keeps its place: later work that depends on it, or must not overtake it, waits too.
 */
import { opensData } from '../control/lane.js';
import type { LeaseTask } from '../control/task-runner.js';
import { FtpConnectionError, FtpError, FtpTransferError } from '../errors.js';

/** Work with its place among the others. */
export interface OrderedWork {
  readonly task: LeaseTask;
  /** Counts all work in the order in which it came. */
  readonly order: number;
}

export interface RestingWorkOptions<Work extends OrderedWork> {
  /** With one session nothing overtakes. */
  readonly keepsOrder: boolean;
  /** Whether work will change the state that later work counts on. */
  readonly isChange: (work: Work) => boolean;
  /** The wait is over. */
  readonly onRested: (work: Work) => void;
}

export class RestingWork<Work extends OrderedWork> {
  readonly #options: RestingWorkOptions<Work>;
  /** The functions that end each wait early. */
  readonly #resting = new Map<Work, () => void>();

  constructor(options: RestingWorkOptions<Work>) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#resting.size === 0;
  }

  /** Lets failed work wait, if it wants to be started again. Throws what its task throws: an error of the user's `when`. */
  add(work: Work, error: unknown): boolean {
    const stop = work.task.again?.(error, () => {
      this.#resting.delete(work);
      this.#options.onRested(work);
    });
    if (stop === undefined) return false;
    this.#resting.set(work, stop);
    return true;
  }

  /** Takes the work out, and ends its wait; false if it does not wait. */
  remove(work: Work): boolean {
    const stop = this.#resting.get(work);
    this.#resting.delete(work);
    stop?.();
    return stop !== undefined;
  }

  /** Takes out all of it, or of the transfers and listings. */
  clear(only?: 'transfers'): readonly Work[] {
    const all = [...this.#resting.keys()];
    const taken = only === undefined ? all : all.filter(({ task }) => opensData(task.kind));
    for (const work of taken) this.remove(work);
    return taken;
  }

  /** Whether `later` has to wait for work that rests: a change of the state neither overtakes nor is overtaken. */
  readonly holdsUp = (later: Work): boolean => {
    if (this.#resting.size === 0) return false;
    const { keepsOrder, isChange } = this.#options;
    for (const work of this.#resting.keys()) {
      if (work.order < later.order && (keepsOrder || isChange(work) || isChange(later))) return true;
    }
    return false;
  };
}

/** The traces of the last try. */
function tracesOf(failure: unknown): Pick<FtpError, 'command' | 'outcome' | 'bytes'> {
  return failure instanceof FtpError ? failure : { command: undefined, outcome: 'unknown', bytes: undefined };
}

/** The error of a transfer that was aborted, for this reason, during the wait for its next try. */
export function brokenOffAtRest(failure: unknown, reason: FtpError): FtpTransferError {
  const { command, outcome, bytes = 0 } = tracesOf(failure);
  const message = `The transfer is not repeated: ${reason.message}`;
  return new FtpTransferError(message, { command, bytes, outcome, transient: false, cause: reason });
}

/** The error of work that the end of the client has kept from its first try. */
export function notStarted(): FtpConnectionError {
  return new FtpConnectionError('The client was closed before this could start.', {
    channel: 'control',
    phase: 'close',
    outcome: 'none',
  });
}

/** The error of work that the end of the client has kept from its next try. */
export function notRepeated(cause: unknown): FtpConnectionError {
  const { command, outcome, bytes } = tracesOf(cause);
  return new FtpConnectionError('The client was closed before this could be repeated.', {
    channel: 'control',
    phase: 'close',
    command,
    outcome,
    bytes,
    cause,
  });
}
