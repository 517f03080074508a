/** Tells when a session was idle for so long that the server, or a firewall, may forget it. */
export class KeepAlive {
  readonly #ms: number;
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `ms` of 0: never. */
  constructor(ms: number, onDue: () => void) {
    this.#ms = ms;
    this.#onDue = onDue;
  }

  /** The session is idle from now on. Whether that keeps the process alive is up to its socket alone. */
  rest(): void {
    this.stop();
    if (this.#ms > 0) this.#timer = setTimeout(this.#onDue, this.#ms).unref();
  }

  /** It is idle no more. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
