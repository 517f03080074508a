/**
 * The greeting (RFC 959 section 5.4), and text that some servers and middleboxes send before it. Another protocol's server is
 * told by that text.
 */
import { FtpConnectionError, type FtpError, FtpProtocolError, FtpTimeoutError } from '../errors.js';
import { printable } from '../protocol/printable.js';
import type { ControlChannel } from './control-channel.js';
import { Exchange, type FinalReply } from './request.js';
import type { SessionSettings } from './settings.js';

const GREETING = 'the greeting';
/** So much text may come before the greeting. */
const MOST_LINES = 20;
const MOST_BYTES = 2048;
const OTHER_PROTOCOL = /^(?:HTTP\/|SSH-)/;

type GreetingSettings = Pick<SessionSettings, 'replyTimeoutMs' | 'secure'>;

/** Waits for the reply that opens the session. An odd code is taken as it is; the login's end shows whether it was right. */
export function awaitGreeting(channel: ControlChannel, settings: GreetingSettings): Promise<FinalReply> {
  const { replyTimeoutMs: timeoutMs } = settings;
  const text = new TextBefore();
  return new Promise((resolve, rejected) => {
    const reject = (cause: FtpError): void => rejected(text.isEmpty ? endedInSilence(cause, settings) : cause);
    const options = {
      timeoutMs,
      inSequence: true,
      onSkipped: (line: string) => text.add(line),
      late: () => text.late() ?? silence(settings),
    };
    channel.expect(new Exchange(channel, 'GREETING', GREETING, options, { resolve, reject }));
  });
}

/** A server that speaks TLS from the first byte waits for the client's, and says nothing to a client that waits for its greeting. */
function adviceForSilence({ secure }: GreetingSettings): string {
  return secure === 'implicit'
    ? ''
    : " A port that speaks TLS from the first byte (usually 990) is silent like this: there set secure: 'implicit'.";
}

function silence(settings: GreetingSettings): FtpTimeoutError {
  const { replyTimeoutMs: afterMs } = settings;
  return new FtpTimeoutError(
    `No greeting came within ${afterMs} ms; the connection was closed.${adviceForSilence(settings)} A slow server needs a larger replyTimeoutMs.`,
    { command: GREETING, phase: 'greeting', afterMs },
  );
}

/** The server has hung up. Any other error that ends the login is passed on as it is. */
function endedInSilence(cause: FtpError, settings: GreetingSettings): FtpError {
  if (!(cause instanceof FtpConnectionError) || cause.command !== GREETING || cause.reply !== undefined) return cause;
  const { channel } = cause;
  const message = `${cause.message}${adviceForSilence(settings)}`;
  return new FtpConnectionError(message, { channel, phase: 'greeting', command: GREETING, cause: cause.cause });
}

/** The text before the greeting. */
class TextBefore {
  readonly #lines: string[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

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
