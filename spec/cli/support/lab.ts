/** A real server with a small tree, and the command beside it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type InteropServer, startInterop } from '../../support/interop/interop-server.js';
import type { ServerName } from '../../support/real-servers/real-server.js';
import type { InstalledCommand, Outcome } from './command.js';

export const LINES = Array.from({ length: 5000 }, (_each, at) => `line ${at + 1}\n`).join('');

/** Contents by path. */
const TREE: Readonly<Record<string, string>> = {
  'seen/lines.txt': LINES,
  'seen/é #1.txt': 'awkward\n',
  'seen/deep/er/last.log': 'log\n',
};

/** What makes a server compute checksums; the others have none. */
const EXTRA: Readonly<Partial<Record<ServerName, readonly string[]>>> = {
  proftpd: ['LoadModule mod_digest.c', 'DigestEngine on', 'DigestCache off'],
};

export class Lab implements AsyncDisposable {
  readonly server: InteropServer;
  readonly hasChecksums: boolean;
  readonly #installed: InstalledCommand;

  private constructor(installed: InstalledCommand, server: InteropServer) {
    this.#installed = installed;
    this.server = server;
    this.hasChecksums = server.name in EXTRA;
  }

  /** Under TLS the server takes neither a login nor data in clear text. */
  static async open(installed: InstalledCommand, name: ServerName, tls: false | 'explicit'): Promise<Lab> {
    const server = await startInterop(name, { tls, tlsRequired: tls !== false, extra: EXTRA[name] ?? [] });
    const lab = new Lab(installed, server);
    await plant(server.root, TREE);
    await server.adopt();
    if (server.ca !== undefined) await installed.write('ca.pem', server.ca);
    return lab;
  }

  url(path: string): string {
    const { secure, user, host, port } = this.server;
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return `${secure === false ? 'ftp' : 'ftpes'}://${user}@${host}:${port}/${encoded}`;
  }

  /** Runs a subcommand: the password comes by the environment, and a certificate's authority by a file. */
  rxftp(...args: readonly string[]): Promise<Outcome> {
    return this.rxftpReading('', ...args);
  }

  /** With this text as its stdin. */
  rxftpReading(input: string, ...args: readonly string[]): Promise<Outcome> {
    const trust = this.server.secure === false ? [] : ['--ca', 'ca.pem'];
    return this.#installed.run([...args, ...trust], { RXFTP_PASSWORD: this.server.password, input });
  }

  /** Where the server has a path. */
  at(path: string): string {
    return join(this.server.root, path);
  }

  content(path: string): Promise<string> {
    return readFile(this.at(path), 'utf8');
  }

  /** More files of the server's. */
  async plant(files: Readonly<Record<string, string>>): Promise<void> {
    await plant(this.server.root, files);
    await this.server.adopt();
  }

  /** A file, or a directory, where the commands run. */
  local(name: string): string {
    return this.#installed.file(name);
  }

  async plantLocally(files: Readonly<Record<string, string>>): Promise<void> {
    await plant(this.#installed.directory, files);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server.stop();
  }
}

async function plant(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
