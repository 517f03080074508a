/**
 * One server for the specs of a `describe`, and for each of them a directory and a client of its own.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FtpClient } from '../../../lib/client/ftp-client.js';
import type { FtpOptions } from '../../../lib/client/options.js';
import type { ServerOptions } from '../real-servers/real-server.js';
import { type InteropName, type InteropServer, optionsFor, startInterop } from './interop-server.js';
import { type Manners, manners } from './manners.js';

/** Contents by name; a name that ends in `/` is a directory. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export class Workplace {
  readonly server: InteropServer;
  readonly manners: Manners;
  #visits = 0;

  private constructor(server: InteropServer) {
    this.server = server;
    this.manners = manners[server.name];
  }

  static async open(name: InteropName, options: ServerOptions): Promise<Workplace> {
    return new Workplace(await startInterop(name, { ...options, logCommands: false }));
  }

  /** A client whose directory is a new one that holds `files`. */
  async visit(files: Files = {}, more: Partial<FtpOptions> = {}): Promise<Visit> {
    this.#visits += 1;
    const name = `d${this.#visits}`;
    const local = join(this.server.root, name);
    await mkdir(local);
    for (const [path, content] of Object.entries(files)) await plant(join(local, path), content);
    await this.server.adopt();
    const directory = join(this.server.home, name);
    return new Visit(this, { directory, local, options: optionsFor(this.server, { directory, ...more }) });
  }

  close(): Promise<void> {
    return this.server.stop();
  }
}

interface Place {
  readonly directory: string;
  readonly local: string;
  readonly options: FtpOptions;
}

export class Visit implements AsyncDisposable {
  readonly manners: Manners;
  readonly ftp: FtpClient;
  readonly options: FtpOptions;
  /** As the server names it. */
  readonly directory: string;
  readonly #local: string;

  constructor({ manners }: Workplace, { directory, local, options }: Place) {
    this.manners = manners;
    this.options = options;
    this.ftp = new FtpClient(options);
    this.directory = directory;
    this.#local = local;
  }

  /** A path on the local disk. */
  local(path: string): string {
    return join(this.#local, path);
  }

  /** The server's content of a file. */
  async text(path: string): Promise<string> {
    return (await this.bytes(path)).toString('latin1');
  }

  bytes(path: string): Promise<Buffer> {
    return readFile(this.local(path));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ftp[Symbol.asyncDispose]();
  }
}

async function plant(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.endsWith('/') ? path : dirname(path), { recursive: true });
  if (!path.endsWith('/')) await writeFile(path, content);
}
