/**
 * Makes a connection from which TLS can be removed again (CCC, RFC 4217 section 12.3). Node's TLS never releases a `net.Socket`, and closes
 * it at its own end. Over this duplex, TLS leaves the socket open, with every byte that came after its own end.
 */
import { Duplex } from 'node:stream';

export class ClearableSocket extends Duplex {
  readonly #raw: Duplex;
  readonly #onData = (chunk: Uint8Array): void => {
    if (!this.push(chunk)) this.#raw.pause();
  };
  readonly #onEnd = (): void => {
    this.push(null);
  };
  readonly #onError = (error: Error): void => {
    this.destroy(error);
  };
  readonly #onClose = (): void => {
    this.destroy();
  };
  #spared = false;
  #detached = false;

  constructor(raw: Duplex) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    raw.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose);
  }

  /** From now on the end of TLS is not the end of the connection. */
  spare(): void {
    this.#spared = true;
  }

  /** Releases the connection, which stays open, and is paused. */
  detach(): Duplex {
    if (this.#detached) return this.#raw;
    this.#detached = true;
    this.#raw.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError).off('close', this.#onClose);
    this.#raw.pause();
    return this.#raw;
  }

  override _read(): void {
    if (!this.#detached) this.#raw.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#raw.write(chunk, callback);
  }

  /** The end of TLS is not the end of the connection. */
  override _final(callback: () => void): void {
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#spared) this.detach().destroy();
    callback(error);
  }
}
