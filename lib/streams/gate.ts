/**
 * Switches back-pressure for one transfer. A slow consumer holds the gate, and the source stops while it is held.
 *
 * A gate belongs to one subscription. The source attaches its valve (a socket's pause and resume) when there is one; earlier holds count
 * then. An operator that subscribes again (`retry`, `repeat`) does so with the same gate, whose facts begin anew.
 */
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { FIRST_TRY, type TransferTry } from './progress-meter.js';

/** The source of the bytes, as its gate stops and starts it. */
export interface Valve {
  pause(): void;
  resume(): void;
}

export class Gate {
  /** The number of bytes that its source will give in all, as far as that is known by now. */
  expectedBytes: (() => number | undefined) | undefined;
  /** The check that all bytes of its source have passed; known when they are complete. */
  verifiedBy: VerifiedBy | undefined;
  /** Bytes of its source were handed on, and cannot be taken back. */
  hasPassed = false;
  /** The try of its source that is under way. */
  tried: TransferTry = FIRST_TRY;
  #holds = 0;
  #valve: Valve | undefined;

  get held(): boolean {
    return this.#holds > 0;
  }

  /** Its source is subscribed: nothing that an earlier subscription has told holds any more. */
  begin(): void {
    this.expectedBytes = undefined;
    this.verifiedBy = undefined;
    this.hasPassed = false;
    this.tried = FIRST_TRY;
  }

  /** Stops the source until the returned function is called; calling that again does nothing. */
  hold(): () => void {
    this.#holds += 1;
    if (this.#holds === 1) this.#valve?.pause();
    let mine = true;
    return () => {
      if (!mine) return;
      mine = false;
      this.#holds -= 1;
      if (this.#holds === 0) this.#valve?.resume();
    };
  }

  /**
   * Names the source to stop and start; it is stopped at once when the gate is held. Returns a function that detaches it. It does not
   * detach a source that has replaced it meanwhile, as at a retry that does not wait for the old one.
   */
  attach(valve: Valve): () => void {
    this.#valve = valve;
    if (this.held) valve.pause();
    return () => {
      if (this.#valve === valve) this.#valve = undefined;
    };
  }
}

/** The hold of one consumer on a gate: taken twice, it still counts once. */
export class Hold {
  readonly #gate: Gate;
  #letGo: (() => void) | undefined;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  get taken(): boolean {
    return this.#letGo !== undefined;
  }

  take(): void {
    this.#letGo ??= this.#gate.hold();
  }

  /** The source may pass on waiting bytes before this returns, and its consumer may take the hold again. */
  release(): void {
    const letGo = this.#letGo;
    this.#letGo = undefined;
    letGo?.();
  }
}
