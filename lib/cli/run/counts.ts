/** Reads the counts of `head` and `tail`. */
import { wrongUsage } from '../session/command-error.js';
import type { Options, OptionValue } from '../session/context.js';

const LINES = 10;

/** So many lines, or with `--bytes` so many bytes. */
export interface Extent {
  readonly unit: 'lines' | 'bytes';
  readonly count: number;
}

export function extentOf({ lines, bytes }: Options): Extent {
  if (lines !== undefined && bytes !== undefined)
    throw wrongUsage('The options --lines and --bytes exclude each other.');
  if (bytes !== undefined) return { unit: 'bytes', count: wholeNumber('--bytes', bytes) };
  return { unit: 'lines', count: lines === undefined ? LINES : wholeNumber('--lines', lines) };
}

function wholeNumber(option: string, value: OptionValue): number {
  const count = Number(value);
  if (typeof value === 'string' && /^\d+$/.test(value) && Number.isSafeInteger(count) && count > 0) return count;
  throw wrongUsage(`The option ${option} takes a whole number above 0.`);
}
