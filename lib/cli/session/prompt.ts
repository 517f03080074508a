/** Asks for a password on the terminal, without showing it. */
import { read } from 'read';
import { interrupted } from './command-error.js';

/** The question goes to stderr, so that stdout has the results alone. Undefined if no person can answer. */
export function promptOnTerminal(): ((question: string) => Promise<string>) | undefined {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  return async (question) => {
    try {
      const answer = await read({ prompt: question, silent: true, input: process.stdin, output: process.stderr });
      return answer;
    } catch {
      throw interrupted();
    } finally {
      // The newline that the user has typed was not shown.
      process.stderr.write('\n');
      process.stdin.pause();
    }
  };
}
