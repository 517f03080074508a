/** A command as it goes out over the control connection. */
import { type Command, encodeCommand, tooLong } from '../protocol/command.js';
import { PLAIN } from '../protocol/printable.js';
import type { LineLimit } from './line-limit.js';
import type { TextCodec } from './settings.js';
import { doubleIac } from './telnet.js';

/** One or more lines with their CRLF: text where that is the same in bytes. Either has as many units as bytes. */
export type EncodedLine = string | Uint8Array;

const NO_LIMIT: LineLimit = /* @__PURE__ */ Object.freeze({ bytes: Number.POSITIVE_INFINITY, advice: '' });

/**
 * As `encodeCommand`, and throws what that throws. The library's own codecs leave printable ASCII as it is, and Node writes it
 * without making bytes of it first. Another codec may change it.
 */
export function encodeLine(command: Command, codec: TextCodec, limit: LineLimit = NO_LIMIT): EncodedLine {
  if (codec.name === 'custom' || !PLAIN.test(command.line)) return encodeBytes(command, codec, limit);
  const line = `${command.line}\r\n`;
  if (line.length > limit.bytes) throw tooLong(command, line.length, limit.bytes, limit.advice);
  return line;
}

function encodeBytes(command: Command, codec: TextCodec, { bytes, advice, doublesIac }: LineLimit): Uint8Array {
  const encode = (text: string): Uint8Array => doubleIac(codec.encode(text));
  return encodeCommand(command, doublesIac === true ? encode : codec.encode, bytes, advice);
}
