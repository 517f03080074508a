/** The command as it is built, run as a process of its own. */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

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

/** Built once for a spec file. Each command runs in an empty directory, which is its home too. */
export class BuiltCommand implements AsyncDisposable {
  readonly #place: string;
  /** Where commands run. */
  readonly directory: string;

  private constructor(place: string) {
    this.#place = place;
    this.directory = join(place, 'work');
  }

  static async make(): Promise<BuiltCommand> {
    const place = await mkdtemp(join(tmpdir(), 'rxftp-cli-'));
    const built = new BuiltCommand(place);
    await mkdir(built.directory);
    await copyFile(join(root, 'package.json'), join(place, 'package.json'));
    await promisify(execFile)(process.execPath, [tsx, '.ci/build/bundle-cli.ts', join(place, 'dist')], { cwd: root });
    return built;
  }

  get path(): string {
    return join(this.#place, 'dist/cli/rxftp.js');
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(this.file(name), content);
  }

  start(args: readonly string[], environment: Environment = {}): Running {
    const env = { PATH: process.env.PATH ?? '', HOME: this.directory, ...environment };
    const child = spawn(process.execPath, [this.path, ...args], { cwd: this.directory, env });
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
    return rm(this.#place, { recursive: true });
  }
}

async function statusOf(child: Running['child']): Promise<number | null> {
  const [status] = (await once(child, 'close')) as [number | null];
  return status;
}

async function outcomeOf(child: Running['child'], ended: Promise<number | null>): Promise<Outcome> {
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}
