/**
 * The proofs that memory is bounded: each in a process of its own, against a server that never runs dry.
 *
 * Growth during the work counts; Node itself is 45 MiB before anything has happened.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { runCommand } from '../lab/run-command.js';
import { inCheckout, type Workshop } from '../lab/workshop.js';
import type { Growth } from '../programs/memory/watch-memory.js';
import type { Task } from '../programs/task.js';

interface Proof {
  readonly title: string;
  readonly program: string;
  readonly amount: number;
  readonly what: 'bytes' | 'entries';
}

export interface Proven extends Growth {
  readonly title: string;
  readonly holds: boolean;
}

/** Growth must stay below it. */
export const limitBytes = 64 * 2 ** 20;

const proofsOf = (quick: boolean): readonly Proof[] => {
  const bytes = { amount: quick ? 2 ** 27 : 2 ** 30, what: 'bytes' } as const;
  return [
    { title: '`.pipe(createWriteStream(path))`', program: 'pipe', ...bytes },
    { title: '`for await` with 1 ms of work for each chunk', program: 'for-await', ...bytes },
    { title: '`paced`, 4 at a time, 1 ms of work for each chunk', program: 'paced', ...bytes },
    { title: '`mlsd$`, entry by entry', program: 'mlsd', amount: quick ? 100_000 : 1_000_000, what: 'entries' },
  ];
};

export async function proveMemory(workshop: Workshop, quick: boolean): Promise<readonly Proven[]> {
  const { feeder, port } = await startFeeder();
  const ended = once(feeder, 'close');
  try {
    const proven: Proven[] = [];
    for (const proof of proofsOf(quick)) proven.push(await prove(proof, workshop, port));
    return proven;
  } finally {
    feeder.stdin.end();
    await ended;
  }
}

async function prove({ title, program, amount, what }: Proof, workshop: Workshop, port: number): Promise<Proven> {
  const task: Task = {
    ...{ host: '127.0.0.1', port, user: 'rxftp', password: 'rxftp', sessions: 1, count: 0, bytes: amount },
    ...{ remote: `/${what}-${amount}`, local: join(workshop.directory, 'piped') },
  };
  const script = workshop.script(`bench/programs/memory/${program}.ts`);
  const growth = JSON.parse(await runCommand(process.execPath, script, JSON.stringify(task))) as Growth;
  return { title, ...growth, holds: growth.moved === amount && growth.peak - growth.before < limitBytes };
}

interface Feeder {
  readonly feeder: ChildProcessByStdio<Writable, Readable, null>;
  readonly port: number;
}

async function startFeeder(): Promise<Feeder> {
  const args = ['--import', 'tsx', inCheckout('bench/memory/feeder.ts')];
  const feeder = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(feeder.stdout), 'line');
  return { feeder, port: Number(line) };
}
