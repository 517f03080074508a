/** Reads the options that `get` and `put` share. */
import type { ExistsChoice } from '../../recipes/index.js';
import { wrongUsage } from '../session/command-error.js';
import type { Options } from '../session/context.js';

export interface ChosenOptions {
  readonly exists?: ExistsChoice;
  readonly verify?: 'size' | 'hash';
  readonly keepTime?: boolean;
}

export function transferOptions({ exists, resume, verify, keepTime }: Options): ChosenOptions {
  if (exists !== undefined && resume === true)
    throw wrongUsage('The options --exists and --resume exclude each other.');
  // commander has checked the choices.
  const choice = resume === true ? 'resume' : (exists as ExistsChoice | undefined);
  return {
    ...(choice === undefined ? {} : { exists: choice }),
    ...(verify === undefined ? {} : { verify: verify as 'size' | 'hash' }),
    ...(keepTime === true ? { keepTime } : {}),
  };
}
