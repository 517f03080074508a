/** Reads the options of the subcommands that walk. */
import { wrongUsage } from '../session/command-error.js';
import type { Options } from '../session/context.js';

/** How deep: 0 is the directory's own entries. Undefined: all. */
export function depthOf({ depth }: Options): number | undefined {
  if (depth === undefined) return undefined;
  if (typeof depth !== 'string' || !/^\d{1,9}$/.test(depth))
    throw wrongUsage('The option --depth takes a whole number.');
  return Number(depth);
}
