/**
 * Tells when nothing has moved for too long. It runs only while something should move: not while the consumer holds the
 * socket, nor while an upload's source has nothing to send.
 */
export class StallTimer {
  readonly #ms: number;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, onStall: () => void) {
    this.#ms = ms;
    this.#onStall = onStall;
  }

  start(): void {
    this.#timer ??= setTimeout(this.#onStall, this.#ms);
  }

  /** Something has moved; does nothing while the timer is stopped. */
  moved(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
