/** Holds the source of the next data connection: the last of EPSV, PASV, EPRT and PORT decides. */
import type { Endpoint } from '../protocol/endpoint.js';
import { DataChannel, type Track } from './data-channel.js';

/** The control connection, as far as its data connections depend on it. */
export interface ControlPeer {
  /** The address of the client. */
  readonly peer: string;
  /** Aborts when the control connection is closed. */
  readonly gone: AbortSignal;
}

export class DataPort {
  readonly #control: ControlPeer;
  readonly #track: Track;
  #channel: DataChannel | undefined;

  constructor(control: ControlPeer, track: Track) {
    this.#control = control;
    this.#track = track;
  }

  /** A command for a data connection came before this one. */
  get isSet(): boolean {
    return this.#channel !== undefined;
  }

  /** Listens for the next data connection, and resolves with the port. */
  async listen(): Promise<number> {
    this.close();
    const channel = await DataChannel.passive(this.#control.peer, this.#track);
    if (this.#control.gone.aborted) channel.close();
    this.#channel = channel;
    return channel.port;
  }

  /** The next data connection goes to `to`. */
  connectTo(to: Endpoint): void {
    this.close();
    this.#channel = DataChannel.active(to, this.#track);
  }

  /** The data connection for one transfer. */
  take(): DataChannel | undefined {
    const channel = this.#channel;
    this.#channel = undefined;
    return channel;
  }

  close(): void {
    this.take()?.close();
  }
}
