/**
 * The greeting (RFC 959 section 5.4), and text that some servers and middleboxes send before it. Another protocol's server is
 * told by that text.
 */
import { type FtpError, FtpProtocolError } from '../errors.js';
import { printable } from '../protocol/printable.js';
import type { ControlChannel } from './control-channel.js';
import { Exchange, type FinalReply, lateReply } from './request.js';

const GREETING = 'the greeting';
/** So much text may come before the greeting. */
const MOST_LINES = 20;
const MOST_BYTES = 2048;
const OTHER_PROTOCOL = /^(?:HTTP\/|SSH-)/;

/** Waits for the reply that opens the session. An odd code is taken as it is; the login's end shows whether it was right. */
export function awaitGreeting(channel: ControlChannel, timeoutMs: number): Promise<FinalReply> {
  const text = new TextBefore();
  return new Promise((resolve, reject) => {
    const options = {
      timeoutMs,
      inSequence: true,
      onSkipped: (line: string) => text.add(line),
      late: () => text.late() ?? lateReply(GREETING, 'greeting', timeoutMs),
    };
    channel.expect(new Exchange(channel, 'GREETING', GREETING, options, { resolve, reject }));
  });
}

/** The text before the greeting. */
class TextBefore {
  readonly #lines: string[] = [];
  #bytes = 0;

  /** Throws FtpProtocolError for another protocol's first line, and for too much. */
  add(line: string): void {
    this.#lines.push(line);
    this.#bytes += line.length;
    if (OTHER_PROTOCOL.test(line)) throw this.#error('This is no FTP server');
    if (this.#lines.length > MOST_LINES || this.#bytes > MOST_BYTES) throw this.#error('The server sent no greeting');
  }

  /** The error when no greeting has come in time; undefined without any text. */
  late(): FtpError | undefined {
    return this.#lines.some((line) => line !== '') ? this.#error('The server sent no greeting in time') : undefined;
  }

  #error(what: string): FtpProtocolError {
    const first = this.#lines.find((line) => line !== '') ?? '';
    return new FtpProtocolError(
      `${what}: it sent "${printable(first, 80)}" where a greeting such as "220 Ready" was expected; the connection was closed. Check host and port.`,
      { command: GREETING },
    );
  }
}
