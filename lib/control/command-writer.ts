/**
 * Writes commands to the control connection, each in its own write. Several commands of one turn may share one write, so that they travel
 * in one packet. It never cuts lines, and never changes their order.
 */
import type { Duplex } from 'node:stream';
import { isSocket } from '../net/connector.js';
import type { EncodedLine } from './encode-line.js';

export class CommandWriter {
  /** Another one where TLS was laid over it or taken off. */
  socket: Duplex;
  /** The lines that wait for the end of this turn. */
  #gathered: EncodedLine | undefined;
  #closed = false;

  constructor(socket: Duplex) {
    this.socket = socket;
  }

  /** Writes a line at once, and the gathered lines before it. */
  write(line: EncodedLine): void {
    this.#send(this.#gathered === undefined ? line : joined(this.#gathered, line));
  }

  /** Writes a line at the end of this turn, with others that come until then. */
  gather(line: EncodedLine): void {
    if (this.#gathered === undefined) process.nextTick(() => this.#flush());
    this.#gathered = this.#gathered === undefined ? line : joined(this.#gathered, line);
  }

  /** Nothing is written any more, nor what was gathered. */
  close(): void {
    this.#closed = true;
  }

  #flush(): void {
    if (this.#gathered !== undefined) this.#send(this.#gathered);
  }

  #send(lines: EncodedLine): void {
    this.#gathered = undefined;
    if (this.#closed) return;
    const { socket } = this;
    // Text goes to Node's own sockets alone, and whatever their default encoding is: a connector's duplex may know only bytes.
    if (typeof lines !== 'string') socket.write(lines);
    else if (isSocket(socket)) socket.write(lines, 'latin1');
    else socket.write(Buffer.from(lines, 'latin1'));
  }
}

function joined(first: EncodedLine, second: EncodedLine): EncodedLine {
  if (typeof first === 'string' && typeof second === 'string') return first + second;
  return Buffer.concat([Buffer.from(first), Buffer.from(second)]);
}
