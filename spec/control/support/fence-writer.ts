/** A channel as a fence and a reply line need it: what they write is kept, and the spec sends the chunks. */

import type { FenceWriter } from '../../../lib/control/fence-reader.js';
import { Incoming, type IncomingListener } from '../../../lib/control/incoming.js';
import { RoundTrip } from '../../../lib/control/round-trip.js';
import type { FtpError } from '../../../lib/errors.js';
import { SYSTEM_CLOCK } from '../../../lib/net/clock.js';
import { TimerPool } from '../../../lib/net/timer-pool.js';
import type { Command } from '../../../lib/protocol/command.js';
import { decodeUtf8 } from '../../../lib/protocol/encoding.js';

export class WrittenCommands implements FenceWriter {
  readonly timers = new TimerPool(SYSTEM_CLOCK.now);
  readonly roundTrip = new RoundTrip();
  readonly lines: string[] = [];
  /** Every cause that it was closed by. */
  readonly causes: FtpError[] = [];

  write({ line }: Command): void {
    this.lines.push(line);
  }

  close(cause: FtpError): void {
    this.causes.push(cause);
    this.timers.close();
  }
}

/** The reader, and the function by which the spec passes one chunk to it. */
export function incomingText(listener: Partial<IncomingListener>): {
  incoming: Incoming;
  receive: (chunk: string) => void;
} {
  const incoming = new Incoming(
    { maxLineBytes: 500, maxReplyBytes: 2_000, decode: decodeUtf8 },
    { onReply: () => {}, onLine: () => {}, onFault: () => {}, ...listener },
  );
  return { incoming, receive: (chunk) => incoming.receive(Buffer.from(chunk)) };
}
