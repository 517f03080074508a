/** One end of a control connection in memory: the spec is the server, and decides what is one chunk. */
import { Duplex } from 'node:stream';
import { ControlChannel } from '../../../lib/control/control-channel.js';
import type { SessionEvent } from '../../../lib/control/events.js';
import { Learned } from '../../../lib/control/learned.js';
import type { ReplyReader, Verdict } from '../../../lib/control/reply-reader.js';
import { FtpConnectionError, type FtpError } from '../../../lib/errors.js';
import { SYSTEM_CLOCK } from '../../../lib/net/clock.js';
import { decodeUtf8, encodeUtf8 } from '../../../lib/protocol/encoding.js';
import { carriesValue } from '../../../lib/protocol/exchange.js';
import type { Reply } from '../../../lib/protocol/reply.js';

export const settings = {
  host: 'ftp.example.com',
  codec: { name: 'utf8', encode: encodeUtf8, decode: decodeUtf8 },
  maxReplyBytes: 2_000,
  maxLineBytes: 500,
  maxCommandBytes: undefined,
  abortTimeoutMs: 5_000,
  clock: SYSTEM_CLOCK,
} as const;

/** By what a spec closes its channel. */
export const closing = new FtpConnectionError('closed by the spec', { channel: 'control', phase: 'close' });

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

/** A channel on a wire; `skipped` are the replies and lines that it has dropped. */
export function channelOnWire(): { wire: Wire; channel: ControlChannel; skipped: string[] } {
  const wire = new Wire();
  const skipped: string[] = [];
  const onEvent = (what: SessionEvent): void => {
    if (what.type === 'skipped') skipped.push('reply' in what ? `${what.reply.code} ${what.reply.text}` : what.line);
  };
  const channel = new ControlChannel(wire, settings, undefined, { number: 1, learned: new Learned(), onEvent });
  return { wire, channel, skipped };
}

/** A reader that keeps what it was given; it takes one reply unless told otherwise. */
export class Reading implements ReplyReader {
  readonly command: string;
  readonly verb: string;
  readonly changesSocket: boolean;
  readonly mustReplaceSocket: boolean;
  readonly secrets?: readonly string[];
  readonly replies: Reply[] = [];
  readonly failures: FtpError[] = [];
  readonly #accept: (reply: Reply) => Verdict;

  constructor(command: string, more: Partial<Pick<ReplyReader, 'mustReplaceSocket' | 'secrets' | 'accept'>> = {}) {
    this.command = command;
    this.verb = command.split(' ')[0] ?? '';
    this.mustReplaceSocket = more.mustReplaceSocket ?? false;
    this.changesSocket = this.mustReplaceSocket;
    if (more.secrets !== undefined) this.secrets = more.secrets;
    this.#accept = more.accept === undefined ? () => 'over' : (reply) => more.accept?.(reply, false) ?? 'over';
  }

  get texts(): string[] {
    return this.replies.map(({ code, text }) => `${code} ${text}`);
  }

  carriesValue(reply: Reply): boolean {
    return carriesValue(this.verb, reply);
  }

  accept(reply: Reply): Verdict {
    this.replies.push(reply);
    return this.#accept(reply);
  }

  fail(cause: FtpError): void {
    this.failures.push(cause);
  }
}
