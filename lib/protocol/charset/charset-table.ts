/**
 * Maps byte sequences to characters, as a decoder of the platform does.
 *
 * Each character has one sequence, and each kept sequence has one character. A sequence that an encoder would not give is left out. So
 * bytes lead to text and back to the same bytes. The table stores a sequence as one number, its first byte highest.
 */
import { type DecodeBytes, findCharacters } from './find-characters.js';
import { type Plane, planesOf } from './planes.js';
import { isSecondChoice } from './second-choice.js';

/** A sequence that is not kept yet. */
interface Later {
  readonly plane: Plane;
  readonly sequence: number;
  readonly index: number;
  readonly character: string;
}

export class CharsetTable {
  /** The code unit of each byte; 0 if it is no character. */
  readonly #ones = new Uint16Array(0x100);
  /** That of each two bytes; 0 if they are no character, or one of two code units. */
  readonly #twos = new Uint16Array(0x1_0000);
  /** The plane of more than two bytes, if there is one, and the code units by its numbers. */
  readonly #long: Plane | undefined;
  readonly #longUnits: Uint16Array;
  /** Characters of two code units, by their sequence of two bytes. */
  readonly #pairs = new Map<number, string>();
  /** The sequence of each code unit; 0 if there is none. */
  readonly #sequences = new Uint32Array(0x1_0000);
  readonly #pairSequences = new Map<string, number>();
  /** The most bytes that a sequence has. */
  readonly longest: number;

  /** @param encoding its name in the Encoding Standard. */
  constructor(encoding: string, decode: DecodeBytes) {
    const planes = planesOf(encoding);
    this.#long = planes.find(({ bytes }) => bytes > 2);
    this.#longUnits = new Uint16Array(this.#long?.size ?? 0);
    this.longest = Math.max(...planes.map(({ bytes }) => bytes));
    this.#fill(encoding, planes, decode);
  }

  /**
   * Writes the character at `at` of `bytes` as code units to `target`; returns how many bytes it has, 0 if none begins. It has no more code
   * units than bytes, and two if the second of them is not 0.
   */
  decodeAt(bytes: Uint8Array, at: number, target: Uint16Array, to: number): number {
    const lead = bytes[at] ?? 0;
    target[to + 1] = 0;
    target[to] = this.#ones[lead] ?? 0;
    if (target[to] !== 0) return 1;
    if (this.longest === 1) return 0;
    const two = lead * 0x100 + (bytes[at + 1] ?? 0);
    target[to] = this.#twos[two] ?? 0;
    if (target[to] !== 0) return 2;
    const pair = this.#pairs.get(two);
    if (pair === undefined) return this.#decodeLong(bytes, at, target, to);
    target[to] = pair.charCodeAt(0);
    target[to + 1] = pair.charCodeAt(1);
    return 2;
  }

  /** Writes the sequence of the two code units at `at`; returns how many bytes it has, 0 if they are no character. */
  encodePair(text: string, at: number, target: Uint8Array, to: number): number {
    if (this.#pairs.size === 0) return 0;
    return write(this.#pairSequences.get(text.slice(at, at + 2)) ?? 0, target, to);
  }

  /** Writes the sequence of a code unit; returns how many bytes it has, 0 if the encoding does not have it. */
  encodeUnit(unit: number, target: Uint8Array, to: number): number {
    return write(this.#sequences[unit] ?? 0, target, to);
  }

  #decodeLong(bytes: Uint8Array, at: number, target: Uint16Array, to: number): number {
    if (this.#long === undefined) return 0;
    const index = this.#long.indexAt(bytes, at);
    target[to] = index === -1 ? 0 : (this.#longUnits[index] ?? 0);
    return target[to] === 0 ? 0 : this.#long.bytes;
  }

  #fill(encoding: string, planes: readonly Plane[], decode: DecodeBytes): void {
    // Bytes that are a character each begin no other.
    const singles = new Set<number>();
    const later: Later[] = [];
    for (const plane of planes) {
      findCharacters(plane, decode, (sequence, index, character) => {
        const lead = Math.floor(sequence / 0x100 ** (plane.bytes - 1));
        if (plane.bytes === 1) singles.add(lead);
        else if (singles.has(lead)) return;
        if (isSecondChoice(encoding, sequence)) later.push({ plane, sequence, index, character });
        else this.#keep(plane, sequence, index, character);
      });
    }
    for (const { plane, sequence, index, character } of later) this.#keep(plane, sequence, index, character);
  }

  /** Unless its character has a sequence already. */
  #keep({ bytes }: Plane, sequence: number, index: number, character: string): void {
    const unit = character.charCodeAt(0);
    if (character.length === 2) {
      // No encoding has such a character in one byte, nor in three; those of four bytes need no table.
      if (bytes !== 2 || this.#pairSequences.has(character)) return;
      this.#pairs.set(sequence, character);
      this.#pairSequences.set(character, sequence);
    } else if (this.#sequences[unit] === 0) {
      this.#sequences[unit] = sequence;
      if (bytes === 1) this.#ones[sequence] = unit;
      else if (bytes === 2) this.#twos[sequence] = unit;
      else this.#longUnits[index] = unit;
    }
  }
}

/** Writes a sequence; returns how many bytes it has, 0 for none. */
function write(sequence: number, target: Uint8Array, to: number): number {
  if (sequence === 0) return 0;
  const bytes = sequence < 0x100 ? 1 : sequence < 0x1_0000 ? 2 : sequence < 0x100_0000 ? 3 : 4;
  for (let place = bytes - 1, rest = sequence; place >= 0; place -= 1, rest >>>= 8) target[to + place] = rest & 0xff;
  return bytes;
}
