/**
 * What goes out over the control connection: each command in a write of its own, or several of one turn in one write, so
 * that they travel in one packet. Lines are never cut, and never change places.
 */
import type { Writable } from 'node:stream';

export class Outbox {
  readonly #socket: () => Writable;
  readonly #gathered: Uint8Array[] = [];
  #closed = false;

  /** `socket` is asked at each write, since TLS may be laid over it or taken off. */
  constructor(socket: () => Writable) {
    this.#socket = socket;
  }

  /** Writes a line at once, and what was gathered before it. */
  write(line: Uint8Array): void {
    this.#gathered.push(line);
    this.#flush();
  }

  /** Writes a line at the end of this turn, with others that come until then. */
  gather(line: Uint8Array): void {
    if (this.#gathered.length === 0) process.nextTick(() => this.#flush());
    this.#gathered.push(line);
  }

  /** Nothing is written any more, nor what was gathered. */
  close(): void {
    this.#closed = true;
  }

  #flush(): void {
    const [first, ...more] = this.#gathered.splice(0);
    if (first === undefined || this.#closed) return;
    this.#socket().write(more.length === 0 ? first : Buffer.concat([first, ...more]));
  }
}
