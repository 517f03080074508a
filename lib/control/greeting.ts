/**
 * Reads the greeting (RFC 959 section 5.4), and text that some servers and middleboxes send before it. That text reveals a server of
 * another protocol.
 */
import { FtpConnectionError, type FtpError, FtpProtocolError, FtpTimeoutError } from '../errors.js';
import { printable } from '../protocol/printable.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import type { ControlChannel } from './control-channel.js';
import { type FinalReply, PendingExchange } from './request.js';
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
  let preliminary: Reply | undefined;
  const begun = (): Begun => {
    const said = channel.unfinished || (preliminary === undefined ? '' : formatReply(preliminary));
    return { said: printable(said, 80), reply: preliminary };
  };
  return new Promise((resolve, rejected) => {
    const reject = (cause: FtpError): void => rejected(text.isEmpty ? hungUp(cause, begun(), settings) : cause);
    const options = {
      timeoutMs,
      inSequence: true,
      onSkipped: (line: string) => text.add(line),
      onPreliminary: (reply: Reply) => {
        preliminary = reply;
      },
      late: () => unfinished(begun(), settings) ?? text.late() ?? silence(settings),
    };
    channel.expect(new PendingExchange(channel, 'GREETING', GREETING, options, { resolve, reject }));
  });
}

/** The beginning of a greeting: a 120, or text that has not come to its end; '' for none. */
interface Begun {
  readonly said: string;
  readonly reply: Reply | undefined;
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

function unfinished(
  { said, reply }: Begun,
  { replyTimeoutMs: afterMs }: GreetingSettings,
): FtpTimeoutError | undefined {
  if (said === '') return undefined;
  return new FtpTimeoutError(
    `The greeting was not complete within ${afterMs} ms: after "${said}" the server sent no more; the connection was closed. Check host and port, try again later, or give a larger replyTimeoutMs.`,
    { command: GREETING, phase: 'greeting', afterMs, reply },
  );
}

/** The server has hung up. Any other error that ends the login is passed on as it is. */
function hungUp(error: FtpError, { said }: Begun, settings: GreetingSettings): FtpError {
  if (!(error instanceof FtpConnectionError) || error.command !== GREETING || error.reply !== undefined) return error;
  const { channel, cause } = error;
  const advice = said === '' ? adviceForSilence(settings) : ` After "${said}" it sent no more.`;
  return new FtpConnectionError(`${error.message}${advice}`, { channel, phase: 'greeting', command: GREETING, cause });
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
