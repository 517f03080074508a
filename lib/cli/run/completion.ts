/** `rxftp completion` prints the script that lets a shell complete `rxftp`. */
import { script } from '@bomb.sh/tab';
import { EMPTY, type Observable } from 'rxjs';
import { wrongUsage } from '../session/command-error.js';
import type { Context } from '../session/context.js';

const SHELLS: readonly string[] = ['bash', 'zsh', 'fish'];

export function run({ args }: Context): Observable<unknown> {
  const [shell = ''] = args;
  if (!SHELLS.includes(shell)) throw wrongUsage(`The shell is one of ${SHELLS.join(', ')}.`);
  script(shell, 'rxftp', 'rxftp');
  return EMPTY;
}
