/**
 * Applies the fault of the current command that breaks a connection.
 *
 * With a data connection, the fault waits for the command's transfer. If no transfer takes it, and it is of the control connection, it
 * strikes at the reply. The fault of any other command strikes at the reply at once.
 */
import type { Break } from './faults.js';
import { DATA_VERBS } from './verbs.js';

/** The control connection, whose next reply can be broken off. */
export interface ReplyBreaker {
  breakOff(how: Break): void;
}

export class CommandBreak {
  readonly #control: ReplyBreaker;
  #waiting: Break | undefined;

  constructor(control: ReplyBreaker) {
    this.#control = control;
  }

  /** A command begins, with its fault or without one. */
  begin(verb: string, fault: Break | undefined): void {
    this.#waiting = undefined;
    if (fault === undefined) return;
    const isOfTransfer = DATA_VERBS.has(verb) && (fault.on === 'data' || fault.how !== 'stall');
    if (isOfTransfer) this.#waiting = fault;
    else this.#control.breakOff(fault);
  }

  /** The fault for the transfer that begins. */
  take(): Break | undefined {
    const taken = this.#waiting;
    this.#waiting = undefined;
    return taken;
  }

  /** A reply is about to be sent. */
  beforeReply(): void {
    if (this.#waiting?.on === 'control') this.#control.breakOff(this.#waiting);
  }

  /** The command is over. One that was refused before its transfer has used its fault up. */
  end(): void {
    this.#waiting = undefined;
  }
}
