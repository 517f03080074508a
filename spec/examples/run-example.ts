/** Runs an example as its header says to, in a process of its own. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a program ended, and what it had to say. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param environment what the process gets besides this one's variables. */
export function runExample(
  file: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const options = { cwd: root, env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [tsx, `examples/${file}`, ...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: exitCodeOf(error), stdout, stderr });
    });
    // Nobody sits at this terminal: what would ask for a password has to say so.
    child.stdin?.end();
  });
}

/** A process that was killed has no exit code. */
function exitCodeOf(error: { readonly code?: number | string | null | undefined } | null): number {
  if (error === null) return 0;
  return typeof error.code === 'number' ? error.code : -1;
}
