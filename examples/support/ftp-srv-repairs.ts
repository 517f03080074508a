/**
 * Adds the parts that ftp-srv 4.6.3 lacks for demonstrations and tests of a client: MLSD, MLST and MFMT, and a few repaired faults.
 *
 * Its table of commands is a mutable module, as are the two packages repaired here; all three are its own copies,
 * found from its own folder.
 */
import { utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Server, Socket } from 'node:net';
import { join, posix } from 'node:path';

/** The members of ftp-srv's connection that a command handler uses. */
interface Connection {
  readonly commandSocket: Socket;
  readonly fs: {
    readonly root: string;
    readonly cwd: string;
    get(path: string): Promise<Stats>;
    list(path: string): Promise<Stats[]>;
  };
  readonly connector: { waitForConnection(): Promise<Socket>; end(): void };
  reply(code: number, ...lines: (string | { raw: true; message: string })[]): Promise<void>;
}

interface Stats {
  readonly name: string;
  readonly size: number;
  readonly mtime: Date;
  isDirectory(): boolean;
}

interface Invocation {
  readonly command: { readonly arg: string | null };
}

type Handler = (this: Connection, invocation: Invocation) => unknown;

interface Definition {
  readonly directive: string;
  flags?: { readonly feat?: string; readonly no_auth?: boolean };
  handler: Handler;
}

interface PassiveConnector {
  /** The server of the session, which is an {@link ListenerKeeper} here. */
  readonly server: ListenerKeeper;
  setupServer(): Promise<Server>;
}

/** The object that closes the passive ports. */
export interface ListenerKeeper {
  dataListenerOpened(listener: Server): void;
}

const require = createRequire(import.meta.url);
const requireAsFtpSrv = createRequire(require.resolve('ftp-srv/src/index.js'));

/** Mends the one copy of ftp-srv in this process; doing it again does no harm. */
export function repairFtpSrv(): void {
  const registry: Record<string, Definition> = requireAsFtpSrv('./commands/registry');
  const { AUTH: auth, REST: rest } = registry;
  Object.assign(registry, {
    MLSD: { directive: 'MLSD', handler: mlsd },
    MLST: { directive: 'MLST', flags: { feat: 'MLST type*;size*;modify*;' }, handler: mlst },
    MFMT: { directive: 'MFMT', flags: { feat: 'MFMT' }, handler: mfmt },
    SIZE: { directive: 'SIZE', flags: { feat: 'SIZE' }, handler: size },
  });
  if (auth !== undefined) auth.handler = deafUntilSecure(auth.handler);
  if (rest !== undefined) rest.flags = { feat: 'REST STREAM' };
  announceListeners(requireAsFtpSrv('./connector/passive'));
  guardAddresses(requireAsFtpSrv('ip'));
  calmBluebird(requireAsFtpSrv('bluebird'));
}

async function mlsd(this: Connection, { command }: Invocation): Promise<void> {
  const path = command.arg ?? '.';
  const directory = await this.fs.get(path).catch(() => undefined);
  if (directory === undefined) return this.reply(550, 'No such directory');
  if (!directory.isDirectory()) return this.reply(501, 'Not a directory');
  try {
    const data = await this.connector.waitForConnection();
    this.commandSocket.pause();
    const entries = await this.fs.list(path);
    await this.reply(150);
    await sendAll(data, entries.map((entry) => `${facts(entry)} ${entry.name}\r\n`).join(''));
    await this.reply(226);
  } catch (error) {
    await this.reply(426, messageOf(error));
  } finally {
    this.connector.end();
    this.commandSocket.resume();
  }
}

async function mlst(this: Connection, { command }: Invocation): Promise<void> {
  const path = posix.resolve('/', this.fs.cwd, command.arg ?? '.');
  const entry = await this.fs.get(path).catch(() => undefined);
  if (entry === undefined) return this.reply(550, 'No such file or directory');
  return this.reply(250, 'Listing', { raw: true, message: ` ${facts(entry)} ${path}` }, 'End');
}

async function mfmt(this: Connection, { command }: Invocation): Promise<void> {
  const [, stamp = '', path = ''] = /^(\d{14}) (.+)$/.exec(command.arg ?? '') ?? [];
  if (stamp === '') return this.reply(501, 'Not a time and a path');
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(stamp) ?? [];
  const modified = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  try {
    await utimes(join(this.fs.root, posix.resolve('/', this.fs.cwd, path)), modified, modified);
    return await this.reply(213, `Modify=${stamp}; ${path}`);
  } catch (error) {
    return this.reply(550, messageOf(error));
  }
}

/** ftp-srv's own answers `213 File status` for an empty file. */
async function size(this: Connection, { command }: Invocation): Promise<void> {
  const entry = await this.fs.get(command.arg ?? '.').catch(() => undefined);
  if (entry === undefined || entry.isDirectory()) return this.reply(550, 'No such file');
  return this.reply(213, String(entry.size));
}

/** The first byte of a TLS handshake record, and of no command. */
const handshakeRecord = 0x16;

/**
 * Reads nothing between the 234 and the TLS socket. A ClientHello that has come by then is handed to TLS by node, which
 * emits it as data of the socket below all the same: it must not be taken for a command.
 */
function deafUntilSecure(auth: Handler): Handler {
  return async function authenticate(invocation) {
    const { commandSocket } = this;
    for (const listener of commandSocket.listeners('data') as ((chunk: Buffer) => void)[]) {
      commandSocket.off('data', listener).on('data', (chunk) => {
        if (chunk[0] !== handshakeRecord) listener(chunk);
      });
    }
    commandSocket.pause();
    try {
      return await auth.call(this, invocation);
    } finally {
      if (this.commandSocket === commandSocket) commandSocket.resume();
    }
  };
}

/** ftp-srv forgets a passive port, and its client, when the next one opens; so it reports each of them to the server. */
function announceListeners(passive: { readonly prototype: PassiveConnector }): void {
  const { setupServer } = passive.prototype;
  passive.prototype.setupServer = async function announced() {
    const listener = await setupServer.call(this);
    this.server.dataListenerOpened(listener);
    return listener;
  };
}

/** A data connection that is reset before it is accepted has no address, and comparing it ends the process. */
function guardAddresses(ip: { isEqual(a: string | undefined, b: string | undefined): boolean }): void {
  const { isEqual } = ip;
  ip.isEqual = (a, b) => a === undefined || b === undefined || isEqual(a, b);
}

/**
 * A failed STOR rejects a promise inside ftp-srv that has no handler; the client has its 550 all the same. Bluebird
 * would raise it as the process's own unhandledRejection; native promises, ours, are not affected.
 */
function calmBluebird(bluebird: { readonly prototype: { _notifyUnhandledRejection(): void } }): void {
  bluebird.prototype._notifyUnhandledRejection = () => undefined;
}

function facts(entry: Stats): string {
  const modify = entry.mtime.toISOString().replaceAll(/[-:TZ]|\.\d+/g, '');
  return entry.isDirectory() ? `type=dir;modify=${modify};` : `type=file;size=${entry.size};modify=${modify};`;
}

function sendAll(data: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    data.once('error', reject);
    data.end(text, () => resolve());
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
