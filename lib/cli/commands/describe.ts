/** Builds a description. */
import type { CommandDescription } from '../command.js';

export function describe(
  name: string,
  args: string,
  rest: Omit<CommandDescription, 'name' | 'arguments'>,
): CommandDescription {
  return { name, arguments: args, ...rest };
}
