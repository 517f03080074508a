/** A real server as a target: each program finds the directories as they were, and its control connections can be cut. */
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type Connector, connectSocket, FtpClient } from '../../../lib/index.js';
import { type InteropServer, optionsFor } from '../interop/interop-server.js';
import { manners } from '../interop/manners.js';
import { contentOf, directories, markerOf, timeOf } from './places.js';
import type { Operation, Program } from './program.js';
import { operationsOf, type Target } from './target.js';
import { type Found, type Spelled, spell, type Verb } from './verb.js';
import { verbOf } from './verbs/index.js';

/** Which verbs can be tried on a server. */
export function verbsOf({ name }: InteropServer): (verb: Verb) => boolean {
  return ({ portable, needs }) => portable && (needs === undefined || manners[name][needs]);
}

export async function openReal(server: InteropServer, program: Program): Promise<Target> {
  await clear(server.root);
  const target = new RealTarget(server, program.sessions);
  await target.plant(program);
  await server.adopt();
  return target;
}

async function clear(root: string): Promise<void> {
  for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
}

class RealTarget implements Target {
  readonly client: FtpClient;
  readonly #server: InteropServer;
  readonly #base: string;
  readonly #controls = new Set<Socket>();

  constructor(server: InteropServer, maxSessions: number) {
    this.#server = server;
    this.#base = server.home === '/' ? '' : server.home;
    const connector: Connector = async (endpoint, signal) => {
      const socket = (await connectSocket(endpoint, signal)) as Socket;
      if (endpoint.channel === 'control') this.#remember(socket);
      return socket;
    };
    this.client = new FtpClient(optionsFor(server, { maxSessions, connector }));
  }

  async plant(program: Program): Promise<void> {
    for (const directory of directories) {
      const local = join(this.#server.root, directory);
      await mkdir(local, { recursive: true });
      await writeFile(join(local, markerOf(directory)), 'here');
      for (const { id, operation } of operationsOf(program)) {
        const { plants } = verbOf(operation.verb);
        const path = join(local, id);
        if (plants === 'directory') await mkdir(path);
        if (plants !== 'file') continue;
        await writeFile(path, contentOf(id, directory, this.spell(operation, id).large));
        await utimes(path, timeOf(id, directory), timeOf(id, directory));
      }
    }
  }

  spell(operation: Operation, id: string): Spelled {
    return spell(operation, id, { base: this.#base, exact: false });
  }

  cut(nth: number): void {
    [...this.#controls][nth % Math.max(1, this.#controls.size)]?.destroy();
  }

  cutAt(): void {
    throw new Error('a real server cuts no connection when it is told to');
  }

  /** Each session was said QUIT to, and that was answered. */
  async settled(): Promise<void> {}

  async find(path: string): Promise<Found> {
    const local = join(this.#server.root, path);
    const found = await stat(local).catch(() => undefined);
    if (found === undefined) return undefined;
    const modified = found.mtime;
    return found.isFile() ? { modified, text: await readFile(local, 'latin1') } : { modified };
  }

  told(): undefined {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
  }

  #remember(socket: Socket): void {
    this.#controls.add(socket);
    socket.once('close', () => this.#controls.delete(socket));
  }
}
