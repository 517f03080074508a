/** Whether ports may be asked for early: one for all sessions of a client, since a server goes wrong on each of them alike. */
export class EarlyPortTrust {
  #held = true;

  get held(): boolean {
    return this.#held;
  }

  /** The first sign of trouble: never again. */
  lose(): void {
    this.#held = false;
  }
}
