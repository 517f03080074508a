/** Reads `--segments`, the number of parts of a file that are downloaded at the same time. */
import { wrongUsage } from './command-error.js';
import type { OptionValue } from './context.js';

/** As the option `segments` of `download$`. */
const MOST_SEGMENTS = 64;

/** Undefined if it was not given: one stream. */
export function segmentsOf(value: OptionValue): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (typeof value === 'string' && /^[1-9]\d*$/.test(value) && count <= MOST_SEGMENTS) return count;
  throw wrongUsage(`The option --segments takes a number from 1 to ${MOST_SEGMENTS}.`);
}
