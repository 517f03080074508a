/** Lists the byte sequences that a character may have in the encodings that extend ASCII, in planes of equal length. */

/** All sequences of one form, numbered from 0 in the order of their bytes. */
export interface Plane {
  /** Of each sequence. */
  readonly bytes: number;
  /** The number of sequences. */
  readonly size: number;
  /** The number of the sequence that begins at `at`; -1 if there is none. */
  indexAt(bytes: Uint8Array, at: number): number;
  /** Writes a sequence to `target`, from `at` on. */
  write(index: number, target: Uint8Array, at: number): void;
}

/** A range of bytes, both ends included. */
export interface Digit {
  readonly first: number;
  readonly last: number;
}

/** Sequences whose bytes count like the digits of a number; `limit` is how many of them there are, if not all. */
export class DigitPlane implements Plane {
  readonly bytes: number;
  readonly size: number;
  readonly #digits: readonly Digit[];

  constructor(digits: readonly Digit[], limit: number = Number.POSITIVE_INFINITY) {
    this.#digits = digits;
    this.bytes = digits.length;
    this.size = Math.min(
      limit,
      digits.reduce((size, digit) => size * baseOf(digit), 1),
    );
  }

  indexAt(bytes: Uint8Array, at: number): number {
    let index = 0;
    let place = at;
    for (const digit of this.#digits) {
      const byte = bytes[place] ?? -1;
      if (byte < digit.first || byte > digit.last) return -1;
      index = index * baseOf(digit) + byte - digit.first;
      place += 1;
    }
    return index < this.size ? index : -1;
  }

  write(index: number, target: Uint8Array, at: number): void {
    let rest = index;
    for (let place = this.#digits.length - 1; place >= 0; place -= 1) {
      const digit = this.#digits[place] ?? HIGH;
      const base = baseOf(digit);
      const value = rest % base;
      target[at + place] = digit.first + value;
      rest = (rest - value) / base;
    }
  }
}

function baseOf({ first, last }: Digit): number {
  return last - first + 1;
}

const HIGH: Digit = { first: 0x80, last: 0xff };
/** In EUC-JP before two bytes of JIS X 0212. */
const SINGLE_SHIFT: Digit = { first: 0x8f, last: 0x8f };
const OF_94: Digit = { first: 0xa1, last: 0xfe };
/** The numbers by which GB 18030 orders the characters without two bytes. */
const GB_HIGH: Digit = { first: 0x81, last: 0xfe };
const GB_LOW: Digit = { first: 0x30, last: 0x39 };
/** The next four bytes mean nothing, and those of `gb18030.ts` follow. */
const GB_BMP_SIZE = 39_420;

/** Single bytes. A byte of ASCII stands for itself in all these encodings, and is in no plane. */
export const SINGLE: Plane = /* @__PURE__ */ new DigitPlane([HIGH]);
/** Two bytes. No second byte is one that ends a line, a name or a path: the least is 0x40. */
export const DOUBLE: Plane = /* @__PURE__ */ new DigitPlane([HIGH, { first: 0x40, last: 0xff }]);
export const EUC_JP_TRIPLE: Plane = /* @__PURE__ */ new DigitPlane([SINGLE_SHIFT, OF_94, OF_94]);
/** All four bytes of GB 18030, also those beyond U+FFFF. */
export const GB18030_ALL: Plane = /* @__PURE__ */ new DigitPlane([GB_HIGH, GB_LOW, GB_HIGH, GB_LOW]);
export const GB18030_BMP: Plane = /* @__PURE__ */ new DigitPlane([GB_HIGH, GB_LOW, GB_HIGH, GB_LOW], GB_BMP_SIZE);

/** The planes of an encoding, by its name in the Encoding Standard. */
export function planesOf(encoding: string): readonly Plane[] {
  switch (encoding) {
    case 'gb18030':
      return [SINGLE, DOUBLE, GB18030_BMP];
    case 'euc-jp':
      return [SINGLE, DOUBLE, EUC_JP_TRIPLE];
    case 'gbk':
    case 'big5':
    case 'euc-kr':
    case 'shift_jis':
      return [SINGLE, DOUBLE];
    default:
      return [SINGLE];
  }
}
