/** Reads the value of an option that counts something. */
import { wrongUsage } from '../session/command-error.js';
import type { OptionValue } from '../session/context.js';

/** Undefined if it was not given. */
export function countOption(name: string, value: OptionValue): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value))
    throw wrongUsage(`The option ${name} takes a whole number.`);
  return Number(value);
}
