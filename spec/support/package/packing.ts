/**
 * Vitest's global set-up: one packing for all spec files of a run, at the first demand.
 *
 * `npm pack` builds, and the build begins by removing `dist`: two at a time would break each other. The process of the run
 * packs, and tells each worker that connects to its socket the outcome.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import type { Packed } from './packed.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the socket. */
    readonly packing: string;
  }
}

/** Returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const place = await mkdtemp(join(tmpdir(), 'rxftp-packed-'));
  let packing: Promise<string> | undefined;
  const server = createServer((socket) => {
    // A worker may be gone before the end.
    socket.on('error', () => socket.destroy());
    packing ??= outcomeOf(pack(join(place, 'user')));
    void packing.then((outcome) => socket.end(outcome));
  });
  const path = join(place, 'socket');
  await once(server.listen(path), 'listening');
  project.provide('packing', path);
  return async () => {
    server.close();
    await packing;
    await rm(place, { recursive: true });
  };
}

/** Packs, and installs the tarball without a network into an empty project. */
async function pack(project: string): Promise<Packed> {
  await mkdir(project);
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', project], { cwd: root });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error('npm pack packed nothing');
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  // rxjs is a peer, which npm would fetch.
  const offline = ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', [...offline, join(project, packed.filename)], { cwd: project });
  return { project, files: packed.files.map(({ path }) => path) };
}

/** As one line of JSON, which `packed.ts` reads. */
async function outcomeOf(packing: Promise<Packed>): Promise<string> {
  try {
    return JSON.stringify({ packed: await packing });
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { readonly stderr?: string; readonly stdout?: string };
    return JSON.stringify({ failure: `${String(error)}\n${stdout}${stderr}` });
  }
}
