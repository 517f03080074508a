/** Encodes a command for the control connection, and limits its length. */
import { FtpUsageError } from '../errors.js';
import { type Command, encodeCommand, tooLong } from '../protocol/command.js';
import { PLAIN } from '../protocol/printable.js';
import type { ServerProfile } from './server-profile.js';
import type { TextCodec } from './settings.js';
import { doubleIac } from './telnet.js';

/** A line, or several, with CRLF: text if its bytes are the same. Either has as many units as bytes. */
export type EncodedLine = string | Uint8Array;

/** The longest line that may be sent, in bytes, CRLF included; and how 0xFF is sent. */
export interface LineLimit {
  readonly bytes: number;
  /** Advice about a longer line, beside a shorter path; empty where there is none. */
  readonly advice: string;
  /** The server takes 0xFF for the beginning of a Telnet command: it is sent twice. */
  readonly doublesIac?: boolean;
}

const NO_LIMIT: LineLimit = /* @__PURE__ */ Object.freeze({ bytes: Number.POSITIVE_INFINITY, advice: '' });

/** A command that was encoded when it was checked: the same bytes are measured and sent. */
export interface Sendable extends Command {
  readonly codec: TextCodec;
  readonly encoded: EncodedLine;
}

/** Encodes `command`; throws what `encodeCommand` throws. */
export function sendable(command: Command, codec: TextCodec): Sendable {
  const { verb, line, masked } = command;
  return { verb, line, masked, codec, encoded: encode(command, codec, NO_LIMIT) };
}

/**
 * As `encodeCommand`, and throws what that throws. A command that is sendable by this codec is not encoded again, unless the server
 * wants the byte 0xFF twice.
 */
export function encodeLine(command: Command | Sendable, codec: TextCodec, limit: LineLimit = NO_LIMIT): EncodedLine {
  const isEncoded = 'encoded' in command && command.codec === codec && limit.doublesIac !== true;
  if (!isEncoded) return encode(command, codec, limit);
  const { encoded } = command;
  if (encoded.length > limit.bytes) throw tooLong(command, encoded.length, limit.bytes, limit.advice);
  return encoded;
}

/** The library's own codecs leave printable ASCII as it is, and Node writes it without making bytes of it first. */
function encode(command: Command, codec: TextCodec, limit: LineLimit): EncodedLine {
  if (codec.name === 'custom' || !PLAIN.test(command.line)) return encodeBytes(command, codec, limit);
  const line = `${command.line}\r\n`;
  if (line.length > limit.bytes) throw tooLong(command, line.length, limit.bytes, limit.advice);
  return line;
}

function encodeBytes(command: Command, codec: TextCodec, { bytes, advice, doublesIac }: LineLimit): Uint8Array {
  const single = (text: string): Uint8Array => encodeText(text, command, codec);
  const doubled = (text: string): Uint8Array => doubleIac(single(text));
  return encodeCommand(command, doublesIac === true ? doubled : single, bytes, advice);
}

/** The error for a text that cannot be encoded names the command. */
function encodeText(text: string, { verb }: Command, codec: TextCodec): Uint8Array {
  try {
    return codec.encode(text);
  } catch (cause) {
    if (!(cause instanceof FtpUsageError)) throw cause;
    throw new FtpUsageError(`${cause.message}: ${verb} was not sent`, { command: verb, cause });
  }
}

/**
 * It is not known how another server treats the rest of a line. The servers of BSD, and their descendants, read 510 or 511 bytes
 * into a buffer of 512.
 */
const ANY_SERVER_BYTES = 510;

const RAISE = 'If this server takes longer lines, raise the option maxCommandBytes.';

/**
 * The user's `maxCommandBytes`, but never more than the server is known to take: the rest of a line may be run as another
 * command.
 */
export function lineLimit({ lineBytes, takesIac }: ServerProfile, maxCommandBytes: number | undefined): LineLimit {
  const known = lineBytes ?? Number.POSITIVE_INFINITY;
  const bytes = Math.min(known, maxCommandBytes ?? lineBytes ?? ANY_SERVER_BYTES);
  return { bytes, advice: bytes < known ? RAISE : '', doublesIac: takesIac === true };
}
