/** Computes with ranges of a file's bytes: it finds the missing ones, and shares them out. Its functions are pure. */

/** From `start` up to, and without, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Shorter ranges are not worth a transfer of their own. */
export const LEAST_RANGE_BYTES: number = 1024 * 1024;

/** The end of a file, which each run downloads first: its length shows whether the server begins where REST has asked for. */
export const TAIL_BYTES: number = 64 * 1024;

/** The parts of a file of `size` bytes that are in none of `finished`, in order. */
export function missingRanges(size: number, finished: readonly Range[]): readonly Range[] {
  const missing: Range[] = [];
  let at = 0;
  for (const { start, end } of [...finished].sort((one, other) => one.start - other.start)) {
    if (start > at) missing.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  if (at < size) missing.push({ start: at, end: size });
  return missing;
}

/** The parts of `ranges` that are before `end`. */
export function rangesBefore(ranges: readonly Range[], end: number): readonly Range[] {
  const cut = ranges.map((range) => ({ start: range.start, end: Math.min(range.end, end) }));
  return cut.filter((range) => range.start < range.end);
}

/** The number of bytes in `ranges`, none of which overlap. */
export function bytesOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The same ranges, cut into about `parts` pieces of about the same length; more if there are many ranges. In order. */
export function shareOut(ranges: readonly Range[], parts: number): readonly Range[] {
  const length = Math.max(LEAST_RANGE_BYTES, Math.ceil(bytesOf(ranges) / parts));
  return ranges.flatMap((range) => [...cut(range, length)]);
}

/** A rest that is too short stays with the piece before it. */
function* cut({ start, end }: Range, length: number): Generator<Range, void> {
  let at = start;
  while (end - at >= length + LEAST_RANGE_BYTES) {
    yield { start: at, end: at + length };
    at += length;
  }
  yield { start: at, end };
}

/** The same ranges with the end of the file apart, if that is long enough. */
export function splitTail(ranges: readonly Range[], size: number): readonly Range[] {
  const last = ranges.at(-1);
  if (last === undefined || last.end !== size || last.end - last.start <= TAIL_BYTES) return ranges;
  const tail = size - TAIL_BYTES;
  return [...ranges.slice(0, -1), { start: last.start, end: tail }, { start: tail, end: size }];
}
