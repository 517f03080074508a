/** One end of a control connection in memory: the spec is the server, and decides what is one chunk. */
import { Duplex } from 'node:stream';
import { ControlChannel } from '../../../lib/control/control-channel.js';
import type { ReplyReader } from '../../../lib/control/reply-reader.js';
import type { FtpError } from '../../../lib/errors.js';
import { decodeUtf8, encodeUtf8 } from '../../../lib/protocol/encoding.js';
import { carriesValue } from '../../../lib/protocol/exchange.js';
import type { Reply } from '../../../lib/protocol/reply.js';

export const settings = {
  codec: { name: 'utf8', encode: encodeUtf8, decode: decodeUtf8 },
  maxReplyBytes: 2_000,
  maxLineBytes: 500,
  maxCommandBytes: undefined,
} as const;

export class Wire extends Duplex {
  /** Everything the client has written. */
  sent = '';

  /** Hands over one chunk, at once. */
  receive(chunk: string | Uint8Array): void {
    this.emit('data', Buffer.from(chunk));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.sent += chunk.toString();
    done();
  }
}

export function channelOnWire(): { wire: Wire; channel: ControlChannel } {
  const wire = new Wire();
  return { wire, channel: new ControlChannel(wire, settings) };
}

/** A reader that keeps what it was given; it takes one reply unless told otherwise. */
export class Reading implements ReplyReader {
  readonly command: string;
  readonly sealed: boolean;
  readonly secrets?: readonly string[];
  readonly replies: Reply[] = [];
  readonly failures: FtpError[] = [];
  readonly #accept: (reply: Reply) => boolean;

  constructor(command: string, more: Partial<Pick<ReplyReader, 'sealed' | 'secrets' | 'accept'>> = {}) {
    this.command = command;
    this.sealed = more.sealed ?? false;
    if (more.secrets !== undefined) this.secrets = more.secrets;
    this.#accept = more.accept ?? (() => true);
  }

  get texts(): string[] {
    return this.replies.map(({ code, text }) => `${code} ${text}`);
  }

  carriesValue(reply: Reply): boolean {
    return carriesValue(this.command.split(' ')[0] ?? '', reply);
  }

  accept(reply: Reply): boolean {
    this.replies.push(reply);
    return this.#accept(reply);
  }

  fail(cause: FtpError): void {
    this.failures.push(cause);
  }
}
