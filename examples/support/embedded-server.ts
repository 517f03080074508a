/**
 * A real FTP server inside this process, over a temporary directory: ftp-srv, mended, on a free loopback port.
 *
 * The examples connect to it, and the specs use it for whole journeys. `close()` ends it and removes the directory; `await using` does the
 * same.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { FileSystem, type FtpServerOptions, FtpSrv } from 'ftp-srv';
import { type ListenerKeeper, repairFtpSrv } from './ftp-srv-repairs.js';

export interface EmbeddedServerOptions {
  /** File contents by path; a path that ends in `/` is a directory. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Passwords by user; default: any user may log in. */
  readonly users?: Readonly<Record<string, string>>;
  /** A PEM certificate and its key: AUTH TLS is offered, or with `implicit` TLS begins at once. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly implicit?: boolean };
}

const host = '127.0.0.1';

repairFtpSrv();

export class EmbeddedServer implements AsyncDisposable {
  /** The local directory that is served as `/`. */
  readonly root: string;
  readonly host: string = host;
  readonly #server: QuietFtpSrv;
  readonly #scheme: string;

  private constructor(root: string, options: EmbeddedServerOptions) {
    this.root = root;
    this.#scheme = schemeOf(options.tls);
    this.#server = withoutSignalHandlers(() => new QuietFtpSrv(serverOptions(options.tls)));
    this.#server.on('client-error', () => undefined);
    this.#server.on('login', ({ connection, username, password }, accept, refuse) => {
      const known = options.users === undefined || options.users[username] === password;
      if (known) accept({ fs: new ServedFiles(connection, { root, cwd: '/' }) });
      else refuse(new Error('Login incorrect'));
    });
  }

  /** Fills a temporary directory with `files` and starts to serve it. */
  static async start(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
    const root = await mkdtemp(join(tmpdir(), 'rxftp-'));
    for (const [path, content] of Object.entries(options.files ?? {})) await fill(join(root, path), content);
    const server = new EmbeddedServer(root, options);
    await server.#server.listen();
    return server;
  }

  get port(): number {
    return this.#server.port;
  }

  /** For `new FtpClient(server.url)`. */
  get url(): string {
    return `${this.#scheme}://${host}:${this.port}/`;
  }

  /** The local path of a served file. */
  path(served: string): string {
    return join(this.root, posix.resolve('/', served));
  }

  async close(): Promise<void> {
    await this.#server.close();
    await rm(this.root, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** ftp-srv's own MKD answers with the local path. */
class ServedFiles extends FileSystem {
  override async mkdir(path: string): Promise<string> {
    await super.mkdir(path);
    return posix.resolve('/', this.cwd, path);
  }
}

/** ftp-srv without the timer, the ports and the sockets that it leaves behind. */
class QuietFtpSrv extends FtpSrv implements ListenerKeeper {
  readonly #open = new Set<Server | Socket>();
  declare readonly server: Server;
  declare readonly connections: Record<string, { close(code: number): Promise<void>; connector: { end(): void } }>;

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  override async disconnectClient(id: string): Promise<void> {
    const client = this.connections[id];
    if (client === undefined) return;
    delete this.connections[id];
    client.connector.end();
    await client.close(0);
  }

  dataListenerOpened(listener: Server): void {
    this.#keep(listener);
    listener.on('connection', (socket) => this.#keep(socket));
  }

  override async close(): Promise<void> {
    await super.close();
    const closed = [...this.#open].map((open) => new Promise((resolve) => open.once('close', resolve)));
    for (const open of this.#open) 'destroy' in open ? open.destroy() : open.close();
    await Promise.all(closed);
  }

  #keep(resource: Server | Socket): void {
    this.#open.add(resource);
    resource.once('close', () => this.#open.delete(resource));
  }
}

function schemeOf(tls: EmbeddedServerOptions['tls']): 'ftp' | 'ftps' | 'ftpes' {
  if (tls === undefined) return 'ftp';
  return tls.implicit === true ? 'ftps' : 'ftpes';
}

function serverOptions(tls: EmbeddedServerOptions['tls']): FtpServerOptions {
  return {
    url: `${tls?.implicit === true ? 'ftps' : 'ftp'}://${host}:0`,
    pasv_url: host,
    greeting: 'rxftp test server',
    log: quietLog,
    tls: tls === undefined ? false : { cert: tls.cert, key: tls.key },
  };
}

/** The log of ftp-srv goes nowhere: a client sees the same in its replies. */
const quietLog = {
  ...Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined])),
  child: () => quietLog,
};

/** ftp-srv ends the process on a signal; that is for the program to decide. */
function withoutSignalHandlers<T>(make: () => T): T {
  const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const made = make();
  for (const [index, signal] of signals.entries()) {
    const added = process.listeners(signal).filter((listener) => before[index]?.includes(listener) === false);
    for (const listener of added) process.off(signal, listener);
  }
  return made;
}

async function fill(path: string, content: string | Uint8Array): Promise<void> {
  if (path.endsWith('/') || path.endsWith('\\')) {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
