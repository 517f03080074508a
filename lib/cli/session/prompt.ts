/** Asks for a password on the terminal, without showing it. */
import { read } from 'read';
import { CommandError, interrupted } from './command-error.js';
import { EXIT } from './exit.js';

/** The question goes to stderr, so that stdout has the results alone. Undefined if no person can answer. */
export function promptOnTerminal(): ((question: string) => Promise<string>) | undefined {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  return async (question) => {
    const { stdin, stderr } = process;
    const answer = read({ prompt: question, silent: true, input: stdin, output: stderr }).catch(() => {
      throw interrupted();
    });
    try {
      return await Promise.race([answer, leftUnanswered(stdin)]);
    } finally {
      // The newline that the user has typed was not shown.
      stderr.write('\n');
      stdin.pause();
    }
  };
}

/** Rejects after Ctrl-D, and when the terminal is gone: `read` settles then never. Its readline pauses stdin at every end. */
function leftUnanswered(stdin: NodeJS.ReadStream): Promise<never> {
  return new Promise((_resolve, reject) => {
    // An answer, and Ctrl-C, settle in the turn of the pause.
    const refuse = (): void => reject(new CommandError('No password was given.', EXIT.login));
    stdin.once('pause', () => setImmediate(refuse));
  });
}
