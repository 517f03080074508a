/** Records a client's writes on its control connections, write by write: with TCP_NODELAY each is a packet of its own. */
import { type Connector, connectSocket } from '../../../lib/net/connector.js';

export class Packets {
  /** Since the beginning, or the last `clear`. */
  readonly sent: string[] = [];
  readonly #onSent: (packet: string) => void;

  constructor(onSent: (packet: string) => void = () => {}) {
    this.#onSent = onSent;
  }

  /** Makes connections that are listened to. */
  readonly connector: Connector = async (endpoint, signal) => {
    const socket = await connectSocket(endpoint, signal);
    if (endpoint.channel === 'data') return socket;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    return Object.assign(socket, {
      write: (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
        const packet = Buffer.from(chunk).toString();
        this.sent.push(packet);
        this.#onSent(packet);
        return write(chunk, ...rest);
      },
    });
  };

  clear(): void {
    this.sent.length = 0;
  }

  /** The command lines of each packet. */
  get lines(): string[][] {
    return this.sent.map((packet) => packet.split('\r\n').slice(0, -1));
  }
}
