/**
 * Reads the task of a bench program from JSON in its one argument, and reports its own time.
 *
 * It imports nothing heavy: a program's start is part of the measurement.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Task {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A PEM file; given for FTPS. */
  readonly ca?: string;
  /** A file at the server, or a directory with `count` files. */
  readonly remote: string;
  /** A file or directory here. */
  readonly local: string;
  /** What a file has. */
  readonly bytes: number;
  readonly count: number;
  /** How many of the files are for who waits for each reply: what a command costs then does not depend on how many there are. */
  readonly lockStep?: number;
  readonly sessions: number;
  /** How often the same work is done before it is measured: not at all by default. */
  readonly before?: number;
  /** Whether the server has MLST: no by default. */
  readonly mlst?: boolean;
}

export const readTask = (): Task => JSON.parse(process.argv[2] ?? '') as Task;

/** The options of a recipe, where the task is done with some. */
export const readOptions = (): object => JSON.parse(process.argv[3] ?? '{}') as object;

/** The authority of the server's certificate. */
export const readAuthority = (path: string): string => readFileSync(path, 'utf8');

/** The names of `count` small files. */
export const smallNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `f${fourDigits(index)}`);

export const fourDigits = (index: number): string => String(index).padStart(4, '0');

/** Where one of the small files is, there and here. */
export const pairOf = (task: Task, name: string): { readonly remote: string; readonly local: string } => ({
  remote: `${task.remote}/${name}`,
  local: join(task.local, name),
});

/** Reports the seconds that `work` takes, when it has been done so often as the task asks for. */
export async function reportWarm({ before = 0 }: Task, work: () => unknown): Promise<void> {
  for (let left = before; left > 0; left -= 1) await work();
  await report(work);
}

/** Reports the seconds that `work` takes, `per` one of so many things done. */
export async function report(work: () => unknown, per = 1): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`inner ${(performance.now() - start) / 1000 / per}`);
}

/** A run that did less than it should is no run. */
export function mustBe<T extends number | string>(expected: T, actual: T): void {
  if (actual !== expected) throw new Error(`${actual} instead of ${expected}`);
}
