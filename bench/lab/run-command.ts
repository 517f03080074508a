/** Runs one command to its end, for setting things up; returns its output, or an error with its output. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function runCommand(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args);
  return stdout;
}
