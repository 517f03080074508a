/** A program of a spec in one file: to compile the library for each process that runs it would take longer than its work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { LocalDirectory } from './local-directory.js';

export class BundledProgram implements AsyncDisposable {
  readonly #directory: LocalDirectory;
  readonly #path: string;

  private constructor(directory: LocalDirectory, path: string) {
    this.#directory = directory;
    this.#path = path;
  }

  static async of(source: URL): Promise<BundledProgram> {
    const directory = await LocalDirectory.make();
    const path = directory.at('program.mjs');
    await build({
      ...{ entryPoints: [fileURLToPath(source)], outfile: path, external: ['socks'] },
      ...{ bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' },
    });
    return new BundledProgram(directory, path);
  }

  /** A process that runs it. */
  start(...parameters: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.#path, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#directory[Symbol.asyncDispose]();
  }
}
