/** Other clients than ours: curl, and Python's ftplib. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/** For `describe.skipIf`, and the name of what is skipped. With `CI` set nothing is: the specs fail without the program. */
export const hasCurl: boolean = isInstalled('curl') || Boolean(process.env.CI);
export const hasPython: boolean = isInstalled('python3') || Boolean(process.env.CI);
export const orSkipped = (name: string, is: boolean): string => (is ? name : `${name} (skipped: it is not installed)`);

/** Runs curl in silence; resolves with its output, rejects with its exit code. */
export async function curl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('curl', ['-q', '-sS', '--max-time', '20', ...args]);
  return stdout;
}

/** Runs a Python program with arguments. */
export async function python(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('python3', ['-c', program, ...args]);
  return stdout;
}
