/** Holds the running transfer of a session: its data connection, and the way to end it from outside. */
import type { DataChannel } from './data-channel.js';

export class Transfer {
  readonly channel: DataChannel;
  readonly #cancel = new AbortController();

  constructor(channel: DataChannel) {
    this.channel = channel;
  }

  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Ends the transfer at once, by ABOR or since the session is over. */
  cancel(): void {
    this.#cancel.abort();
    this.channel.close();
  }
}
