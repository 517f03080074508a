/** One run of one program as a whole: from its fork to its exit, with all that starting it costs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Longer than any run takes, on a machine that does other things too. */
const limitMs = 180_000;

export interface Measured {
  /** Seconds from fork to exit. */
  readonly wall: number;
  /** Seconds of CPU time, user and system. */
  readonly cpu: number;
  /** Peak resident memory, in bytes. */
  readonly peak: number;
  /** What the program measured itself, in seconds: it prints `inner` and a number. */
  readonly inner?: number;
}

export interface Measurer {
  /** The compiled `timed.c`. */
  readonly timed: string;
  /** For the result. */
  readonly directory: string;
  /** What to put before the command. */
  readonly prefix: readonly string[];
}

/** Runs `command`; errors with all it printed when it fails or does not end. */
export async function measureRun(measurer: Measurer, command: readonly string[]): Promise<Measured> {
  const result = join(measurer.directory, 'timed.json');
  const [program = '', ...args] = [...measurer.prefix, measurer.timed, result, ...command];
  // A group of its own: what hangs is killed with all its children.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const limit = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), limitMs);
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  const [output, complaints] = await outputs;
  if (code !== 0) throw new Error(`${command.join(' ')}\nfailed (${code}): ${output}${complaints}`);
  return { ...parse(await readFile(result, 'utf8')), ...innerOf(output) };
}

interface Timed {
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  readonly peakKiB: number;
}

function parse(json: string): Measured {
  const { wall, user, system, peakKiB } = JSON.parse(json) as Timed;
  return { wall, cpu: user + system, peak: peakKiB * 1024 };
}

function innerOf(output: string): { inner?: number } {
  const inner = /^inner (\S+)$/m.exec(output)?.[1];
  return inner === undefined ? {} : { inner: Number(inner) };
}
