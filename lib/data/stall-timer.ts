/**
 * Tells when nothing has moved for too long. It runs only while something should move: not while the consumer holds the
 * socket, nor while an upload's source has nothing to send.
 */
export class StallTimer {
  readonly #ms: number;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;
  #resting = false;

  constructor(ms: number, onStall: () => void) {
    this.#ms = ms;
    this.#onStall = onStall;
  }

  /** Does nothing while it runs. */
  start(): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#fire(), this.#ms);
    else if (this.#resting) this.#timer.refresh();
    this.#resting = false;
  }

  /** Something has moved; does nothing while the timer does not run. */
  moved(): void {
    if (!this.#resting) this.#timer?.refresh();
  }

  /** Does not run until the next start, which is near: a new timer for each chunk would cost more than the chunk. */
  rest(): void {
    this.#resting = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #fire(): void {
    if (!this.#resting) this.#onStall();
  }
}
