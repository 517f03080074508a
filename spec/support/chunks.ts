/**
 * The ways a byte sequence can arrive: framing code has to give the same result for each of them.
 *
 * Chunks are copies. `feedBorrowed` hands every chunk over in one buffer that is scribbled over afterwards, which finds
 * whoever keeps a view into memory that was only lent.
 */
import * as fc from 'fast-check';

export function whole(bytes: Uint8Array): Uint8Array[] {
  return [Uint8Array.from(bytes)];
}

export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

/** Cuts before each of the given offsets; offsets outside the bytes cut nothing. */
export function splitAt(bytes: Uint8Array, ...offsets: readonly number[]): Uint8Array[] {
  const inside = offsets.filter((offset) => offset > 0 && offset < bytes.length);
  const cuts = [0, ...new Set(inside.sort((a, b) => a - b)), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end));
}

/** Every way to cut into two chunks, one offset after the other. */
export function* everySplit(bytes: Uint8Array): Generator<Uint8Array[]> {
  for (let offset = 1; offset < bytes.length; offset += 1) yield splitAt(bytes, offset);
}

/** Whole, byte by byte and every split in two: for a framing case that must hold for all of them. */
export function* everyChunking(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield whole(bytes);
  yield byteByByte(bytes);
  yield* everySplit(bytes);
}

/** Random choppings, for properties. */
export function choppings(bytes: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return fc
    .array(fc.nat({ max: Math.max(bytes.length, 1) }), { maxLength: 12 })
    .map((offsets) => splitAt(bytes, ...offsets));
}

/** Hands the chunks over in one buffer whose content is destroyed after each call. */
export function feedBorrowed(chunks: readonly Uint8Array[], push: (chunk: Uint8Array) => void): void {
  const lent = new Uint8Array(Math.max(0, ...chunks.map((chunk) => chunk.length)));
  for (const chunk of chunks) {
    lent.set(chunk);
    push(lent.subarray(0, chunk.length));
    lent.fill(0xee);
  }
}
