/**
 * Converts text in an encoding that extends ASCII, in both directions, and loses no byte. A byte outside of any character becomes
 * U+DC80..U+DCFF, as in `utf8.ts`, and becomes that byte again.
 */
import { FtpUsageError } from '../../errors.js';
import { asciiLength, RAW_BYTE, textOf } from '../code-units.js';
import { decodeLatin1 } from '../latin1.js';
import { CharsetTable } from './charset-table.js';
import type { DecodeBytes } from './find-characters.js';
import { decodeAstral, encodeAstral } from './gb18030.js';

export class Charset {
  readonly #encoding: string;
  readonly #decode: DecodeBytes;
  #table: CharsetTable | undefined;

  /**
   * @param encoding its name in the Encoding Standard.
   * @param decode a decoder of that encoding, from which the table is made when it is first needed.
   */
  constructor(encoding: string, decode: DecodeBytes) {
    this.#encoding = encoding;
    this.#decode = decode;
  }

  /** Bytes to text; never fails, never loses a byte. */
  decode(bytes: Uint8Array): string {
    const ascii = asciiLength(bytes);
    if (ascii === bytes.length) return decodeLatin1(bytes);
    // A spare unit, for the second of two code units that a sequence may have: it has no more units than bytes.
    const units = new Uint16Array(bytes.length + 1);
    for (let index = 0; index < ascii; index += 1) units[index] = bytes[index] ?? 0;
    let length = ascii;
    for (let index = ascii; index < bytes.length; ) {
      const byte = bytes[index] ?? 0;
      const taken = byte < 0x80 ? 0 : this.#decodeAt(bytes, index, units, length);
      if (taken === 0) units[length] = byte < 0x80 ? byte : RAW_BYTE + byte;
      length += taken > 1 && units[length + 1] !== 0 ? 2 : 1;
      index += Math.max(taken, 1);
    }
    return textOf(units.subarray(0, length));
  }

  /**
   * The inverse of {@link decode}. If the Encoding Standard has several sequences for a character, it is the one of its encoder.
   *
   * @throws FtpUsageError for a character that the encoding does not have.
   */
  encode(text: string): Uint8Array {
    const ascii = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return this.#encodeRest(text, ascii.subarray(0, index));
      ascii[index] = unit;
    }
    return ascii;
  }

  #encodeRest(text: string, ascii: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(ascii.length + (text.length - ascii.length) * this.#tableMade.longest);
    bytes.set(ascii);
    let length = ascii.length;
    for (let index = ascii.length; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 0x80) {
        bytes[length] = unit;
        length += 1;
        continue;
      }
      const pair = this.#encodePair(text, index, bytes, length);
      const taken = pair === 0 ? this.#encodeUnit(text, index, bytes, length) : pair;
      if (pair > 0) index += 1;
      length += taken;
    }
    return bytes.slice(0, length);
  }

  #encodePair(text: string, at: number, target: Uint8Array, to: number): number {
    const taken = this.#tableMade.encodePair(text, at, target, to);
    return taken === 0 && this.#isGb18030 ? encodeAstral(text.codePointAt(at) ?? 0, target, to) : taken;
  }

  #encodeUnit(text: string, at: number, target: Uint8Array, to: number): number {
    const unit = text.charCodeAt(at);
    if (unit >= RAW_BYTE + 0x80 && unit <= RAW_BYTE + 0xff) {
      target[to] = unit - RAW_BYTE;
      return 1;
    }
    const taken = this.#tableMade.encodeUnit(unit, target, to);
    if (taken > 0) return taken;
    // The character is not quoted: it may be of a password.
    throw new FtpUsageError(`The text has characters that ${this.#encoding} does not have`);
  }

  #decodeAt(bytes: Uint8Array, at: number, target: Uint16Array, to: number): number {
    const taken = this.#tableMade.decodeAt(bytes, at, target, to);
    return taken === 0 && this.#isGb18030 ? decodeAstral(bytes, at, target, to) : taken;
  }

  get #isGb18030(): boolean {
    return this.#encoding === 'gb18030';
  }

  get #tableMade(): CharsetTable {
    this.#table ??= new CharsetTable(this.#encoding, this.#decode);
    return this.#table;
  }
}
