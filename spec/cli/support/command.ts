/** The command of the package that is packed and installed, run as a process of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { PACKING_TIMEOUT_MS, packedPackage } from '../../support/package/packed.js';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Rejects where the spec itself closes stdout. */
  readonly outcome: Promise<Outcome>;
  /** Resolves with the exit status; null where a signal has killed it. */
  readonly status: Promise<number | null>;
}

type Environment = Readonly<Record<string, string>>;

/** Each spec file has an empty directory, where its commands run, and which is their home too. */
export class InstalledCommand implements AsyncDisposable {
  /** As npm links it for a shell, from the `bin` of the packed package. */
  readonly path: string;
  readonly directory: string;

  private constructor(path: string, directory: string) {
    this.path = path;
    this.directory = directory;
  }

  static async make(): Promise<InstalledCommand> {
    const { project } = await packedPackage();
    const directory = await mkdtemp(join(tmpdir(), 'rxftp-cli-'));
    return new InstalledCommand(join(project, 'node_modules/.bin/rxftp'), directory);
  }

  /** That of a shell which finds this process's Node, and little else. */
  environment(more: Environment = {}): NodeJS.ProcessEnv {
    const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
    return { PATH: path, HOME: this.directory, ...more };
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(this.file(name), content);
  }

  start(args: readonly string[], environment: Environment = {}): Running {
    const child = spawn(this.path, args, { cwd: this.directory, env: this.environment(environment) });
    const status = statusOf(child);
    return { child, outcome: outcomeOf(child, status), status };
  }

  /** `input` is its stdin. */
  run(
    args: readonly string[],
    { input = '', ...environment }: Environment & { readonly input?: string } = {},
  ): Promise<Outcome> {
    const { child, outcome } = this.start(args, environment);
    // A command that does not read stdin may be gone before this is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return outcome;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.directory, { recursive: true });
  }
}

/** One for all specs of a file. */
export function installedOnce(): () => InstalledCommand {
  let installed: InstalledCommand | undefined;
  beforeAll(async () => {
    installed = await InstalledCommand.make();
  }, PACKING_TIMEOUT_MS);
  afterAll(() => installed?.[Symbol.asyncDispose]());
  return () => {
    if (installed === undefined) throw new Error('the command is not installed');
    return installed;
  };
}

async function statusOf(child: Running['child']): Promise<number | null> {
  const [status] = (await once(child, 'close')) as [number | null];
  return status;
}

async function outcomeOf(child: Running['child'], ended: Promise<number | null>): Promise<Outcome> {
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}
