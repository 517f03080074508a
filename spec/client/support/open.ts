/** A client or a session on a scripted server, closed by `await using`. */

import { connect$ } from '../../../lib/client/connect.js';
import { FtpClient, type FtpOptions, type FtpSession } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import type { ScriptedServer } from '../../support/scripted-server.js';

type MoreOptions = Omit<Partial<FtpOptions>, 'host' | 'port'>;

/** Options that lead to `server`. */
export function optionsFor(server: ScriptedServer, more: MoreOptions = {}): FtpOptions {
  return { host: server.host, port: server.port, ...more };
}

/** A client of `server`; nothing is opened yet. */
export function clientOf(server: ScriptedServer, more: MoreOptions = {}): FtpClient {
  return new FtpClient(optionsFor(server, more));
}

/** A client with two sessions of `server`, both there and idle. */
export async function clientOfTwoSessions(server: ScriptedServer, more: MoreOptions = {}): Promise<FtpClient> {
  const bothThere = server.received('HELP', 2);
  server.on('HELP', async (session) => {
    await bothThere;
    await session.reply('214 Help.');
  });
  const ftp = clientOf(server, { ...more, maxSessions: 2 });
  const running = [observe(ftp.help$()), observe(ftp.help$())];
  for (const { settled } of running) await settled;
  return ftp;
}

export interface OpenSession extends AsyncDisposable {
  readonly ftp: FtpSession;
  /** Unsubscribes, and resolves when the server has seen the connection end. */
  close(): Promise<void>;
}

/** A session of `server`, logged in. */
export async function sessionOf(server: ScriptedServer, more: MoreOptions = {}): Promise<OpenSession> {
  const observation = observe(connect$(optionsFor(server, more)), { name: 'connect$' });
  const ftp = await observation.nth(1);
  const id = server.sessions.length;
  const close = async (): Promise<void> => {
    observation.unsubscribe();
    await server.event('control-closed', { where: ({ session }) => session === id });
  };
  return { ftp, close, [Symbol.asyncDispose]: close };
}

/** The commands after the login, of every session in the order of arrival. */
export function afterLogin(server: ScriptedServer): string[] {
  return server.commands.filter((line) => !/^(USER|PASS|FEAT|OPTS UTF8|QUIT)\b/.test(line));
}
