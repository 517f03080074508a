/** The package as a user gets it: packed, and installed into a project beside the checkout's own rxjs, types and compiler. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Format } from 'esbuild';
import { packedPackage } from '../../support/package/packed.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Output {
  readonly stdout: string;
  readonly failed: boolean;
}

export class InstalledPackage implements AsyncDisposable {
  /** The paths in the tarball. */
  readonly files: readonly string[];
  readonly #project: string;

  private constructor(project: string, files: readonly string[]) {
    this.#project = project;
    this.files = files;
  }

  static async make(): Promise<InstalledPackage> {
    const project = await mkdtemp(join(tmpdir(), 'rxftp-package-'));
    const packed = await packedPackage();
    await cp(packed.project, project, { recursive: true, verbatimSymlinks: true });
    for (const name of ['rxjs', '@types/node', 'undici-types', '@opentelemetry/api']) {
      await mkdir(dirname(join(project, 'node_modules', name)), { recursive: true });
      await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name));
    }
    return new InstalledPackage(project, packed.files);
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.#project, name), text);
  }

  /** A file of the package itself. */
  readInstalled(path: string): Promise<string> {
    return readFile(join(this.#project, 'node_modules/rxftp', path), 'utf8');
  }

  /** A second copy of the package, by another name. */
  copyAs(name: string): Promise<void> {
    const at = (each: string): string => join(this.#project, 'node_modules', each);
    return cp(at('rxftp'), at(name), { recursive: true });
  }

  read(name: string): Promise<string> {
    return readFile(join(this.#project, name), 'utf8');
  }

  /** Runs a file of the project. */
  async node(...args: readonly string[]): Promise<Output> {
    return output(run(process.execPath, args, { cwd: this.#project }));
  }

  /** Runs the package's command, as a shell finds it. */
  async command(...args: readonly string[]): Promise<Output> {
    return output(run(join(this.#project, 'node_modules/.bin/rxftp'), args, { cwd: this.#project }));
  }

  /** Puts a file of the project, and all that it imports, into one; resolves with its name. */
  async bundle(file: string, format: Extract<Format, 'cjs' | 'esm'>): Promise<string> {
    const name = `${file}.${format === 'cjs' ? 'cjs' : 'mjs'}`;
    const at = (path: string): string => join(this.#project, path);
    await build({
      entryPoints: [at(file)],
      outfile: at(name),
      bundle: true,
      platform: 'node',
      format,
      logLevel: 'error',
    });
    return name;
  }

  /** Type-checks files of the project as strictly as can be, the declarations of all packages too; `more`: other compiler options. */
  async tsc(files: readonly string[], more: Readonly<Record<string, unknown>> = {}): Promise<Output> {
    const options = {
      compilerOptions: {
        target: 'ES2022',
        module: 'nodenext',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
        ...more,
      },
      files,
    };
    await this.write('tsconfig.json', JSON.stringify(options));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    return output(run(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], { cwd: this.#project }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#project, { recursive: true });
  }
}

async function output(running: Promise<{ readonly stdout: string; readonly stderr: string }>): Promise<Output> {
  try {
    const { stdout } = await running;
    return { stdout, failed: false };
  } catch (error) {
    const { stdout = '', stderr = String(error) } = error as { readonly stdout?: string; readonly stderr?: string };
    return { stdout: `${stdout}${stderr}`, failed: true };
  }
}
