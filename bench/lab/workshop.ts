/**
 * The directory of one run of the bench, in memory: compiled programs, files to send, files received.
 *
 * The command of `npm run build` bundles the library into it. So the bench measures JavaScript as it is published, and other builds or
 * edits do not disturb the run.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runCommand } from './run-command.js';

/** A path in the checkout. */
export const inCheckout = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface Workshop extends AsyncDisposable {
  readonly directory: string;
  /** The compiled form of a TypeScript file in the checkout. */
  script(path: string): string;
  /** The main entry of the library as `npm run build` makes it. */
  readonly builtPackage: string;
  /** A program compiled from C. */
  tool(name: 'timed' | 'netdelay'): string;
}

/** Compiles everything; `keep` leaves the directory behind, for a profiler. */
export async function openWorkshop(keep = false): Promise<Workshop> {
  const directory = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rxftp-bench-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const tool = (name: string): string => join(directory, 'tools', name);
  try {
    await compileScripts(directory);
    await mkdir(join(directory, 'tools'));
    await compileTool('bench/measure/timed.c', tool('timed'));
    if (process.platform === 'linux') await compileTool('bench/delay/netdelay.c', tool('netdelay'));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    directory,
    script: (path) => join(directory, path.replace(/\.ts$/, '.js')),
    builtPackage: join(directory, 'package', 'dist', 'index.js'),
    tool,
    [Symbol.asyncDispose]: async () => (keep ? console.error(`kept: ${directory}`) : remove()),
  };
}

async function compileScripts(directory: string): Promise<void> {
  const compiler = inCheckout('node_modules/.bin/tsc');
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }\n');
  await symlink(inCheckout('node_modules'), join(directory, 'node_modules'));
  await runCommand(compiler, '-p', inCheckout('bench/programs'), '--outDir', directory);
  // The door for the library's own sinks is not exported: one program measures it, and must get it from the same bundle.
  await bundle(join(directory, 'lib'), 'lib/streams/byte-flow.ts');
  await joinPrograms(directory, ['import', 'list', 'small-files-sync']);
  // Bundlers believe what the manifest says of side effects.
  const built = join(directory, 'package');
  await bundle(join(built, 'dist'));
  await copyFile(inCheckout('package.json'), join(built, 'package.json'));
}

/** Makes one file of a program, the library and rxjs, as docs/what-to-know.md shows. */
async function joinPrograms(directory: string, names: readonly string[]): Promise<void> {
  const programs = join(directory, 'bench/programs/rxftp');
  await build({
    entryPoints: names.map((name) => ({ in: join(programs, `${name}.js`), out: `${name}-in-one-file` })),
    outdir: programs,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { rxjs: inCheckout('node_modules/rxjs/dist/esm/index.js') },
    logLevel: 'warning',
  });
}

function bundle(to: string, ...more: readonly string[]): Promise<unknown> {
  return runCommand('npm', '--prefix', inCheckout('.'), 'run', 'bundle', '--', ...more, `--outdir=${to}`);
}

async function compileTool(source: string, to: string): Promise<void> {
  try {
    await runCommand('cc', '-O2', '-o', to, inCheckout(source));
  } catch (error) {
    throw new Error('the bench measures with a small C program: it needs `cc` (apt-get install gcc)', { cause: error });
  }
}
