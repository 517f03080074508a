/** `rxftp completion` prints the script that lets a shell complete `rxftp`. */
import { script } from '@bomb.sh/tab';
import { defer, EMPTY, type Observable } from 'rxjs';
import { wrongUsage } from '../session/command-error.js';
import type { Context } from '../session/context.js';
import { BASH_COMPLETION } from './bash-completion.js';

const SHELLS: readonly string[] = ['bash', 'zsh', 'fish'];

export function run({ args, output }: Context): Observable<unknown> {
  const [shell = ''] = args;
  if (!SHELLS.includes(shell)) throw wrongUsage(`The shell is one of ${SHELLS.join(', ')}.`);
  if (shell === 'bash') return defer(() => output.write(BASH_COMPLETION));
  script(shell, 'rxftp', 'rxftp');
  return EMPTY;
}
