/**
 * A command in a session of its own, and its end: all processes of the session, however deep and in whatever group.
 *
 * Daemons fork, and some of their children leave the group they were born in, but none of these makes itself a new
 * session; `/proc` says who is in it. Nothing here keeps Node's event loop alive.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { scriptFile } from './installed.js';

export interface SessionOptions {
  readonly command: readonly string[];
  /** Put before it; must exec what follows, so that the leader of the session is where it leads: in its namespace. */
  readonly prefix: readonly string[];
  /** Removed if this process dies before it could. */
  readonly directory: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes stdout and stderr. */
  readonly output: string;
}

export interface Session {
  /** Of its leader. */
  readonly pid: number;
  /** Whether the command has come to an end. */
  hasEnded(): boolean;
}

/** Starts it; errors if the command cannot be run at all. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const [program = '', ...args] = [
    ...options.prefix,
    ...['/bin/sh', scriptFile('supervise.sh'), options.directory, ...options.command],
  ];
  const output = openSync(options.output, 'a');
  const child = spawn(program, args, {
    cwd: options.workingDirectory,
    detached: true,
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...options.environment },
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  await once(child, 'spawn');
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} has no process`);
  return { pid, hasEnded: () => child.exitCode !== null || child.signalCode !== null };
}

/** Whether a process listens on that port in the network namespace of that process. */
export function listens(pid: number, port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['tcp', 'tcp6'].some((table) =>
    readProc(`${pid}/net/${table}`)
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .some(([, local, , state]) => state === '0A' && local?.endsWith(suffix)),
  );
}

/** The live processes of a session, by the id of its leader. */
export function sessionMembers(leader: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      // proc(5): "pid (name) state ppid pgrp session ..."; the name may hold anything, the last parenthesis ends it.
      const stat = readProc(`${pid}/stat`);
      const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state !== 'Z' && Number(session) === leader;
    });
}

/**
 * Kills all of it and comes back when nothing is left, or errors after 5 s. It looks again and again, since no event tells of the end of a
 * foreign process.
 */
export async function endSession(leader: number): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await delay(5)) {
    const members = sessionMembers(leader);
    if (members.length === 0) return;
    for (const pid of members) kill(pid);
  }
  throw new Error(`processes ${sessionMembers(leader)} do not end`);
}

// Between looking and killing or reading, a process may end of itself.
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
