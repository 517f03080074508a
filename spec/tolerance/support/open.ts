/** Servers whose greeting names no product, clients with short limits, and what `events$` tells of skipped replies. */
import { lastValueFrom, type Observable } from 'rxjs';
import { expect } from 'vitest';
import { collectBytes, FtpClient, type FtpOperations, type FtpOptions } from '../../../lib/index.js';
import {
  type Command,
  type ScriptedServer,
  type ScriptedServerOptions,
  type Session,
  scriptedServer,
} from '../../support/scripted-server.js';
import { lagMs } from './faults.js';
import { unknownServer } from './play.js';

export const content = { '/a': 'seven..', '/b': 'other bytes', '/x': 'x', '/y': 'y', '/sub/c': 'deep', '/empty/': '' };

/** A server that its greeting does not name; every reply is one packet. */
export function someServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  return scriptedServer({ files: content, greeting: unknownServer, chunking: 'whole', ...options });
}

/** A client of it; a spec that waits for a reply in vain does not wait long. */
export function someClient(server: ScriptedServer, more: Partial<FtpOptions> = {}): FtpClient {
  return new FtpClient({ host: server.host, port: server.port, replyTimeoutMs: 3000, abortTimeoutMs: 2000, ...more });
}

/** Passes every reply of every session through `change`: its lines go out in one packet. */
export function changingReplies(
  change: (lines: readonly string[], session: Session) => readonly string[],
  greeting = unknownServer,
): ScriptedServerOptions {
  return {
    greeting: (session) => {
      const send = session.reply.bind(session);
      session.reply = (...lines) => send(...change(lines, session));
      return session.reply(greeting);
    },
  };
}

/** Does what the command asks for, and says nothing. */
export async function silently(session: Session, command: Command): Promise<void> {
  const send = session.reply.bind(session);
  session.reply = () => Promise.resolve();
  await command.byDefault();
  session.reply = send;
}

/** Sends the first line, and the others a while later, whatever the server does meanwhile. */
export async function replyApart(session: Session, first: string, ...others: readonly string[]): Promise<void> {
  await session.reply(first);
  setTimeout(() => void session.reply(...others), lagMs);
}

/** Sends one line after the other; the server reads no command between them. */
export async function replySlowly(session: Session, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await session.reply(line);
    await new Promise((passed) => setTimeout(passed, lagMs));
  }
}

/** The next operations give their own values. */
export async function expectInStep(ftp: FtpClient): Promise<void> {
  expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
  expect(await lastValueFrom(ftp.pwd$())).toBe('/');
}

export const textOf = async (ftp: Pick<FtpOperations, 'retr$'>, path: string): Promise<string> =>
  Buffer.from(await lastValueFrom(ftp.retr$(path).pipe(collectBytes()))).toString();

export const count = (server: ScriptedServer, verb: string): number =>
  server.journal.of('command').filter((event) => event.verb === verb).length;

/** The skipped parts in `events$`: the code of a reply, or a line without one. */
export function skippedBy(ftp: FtpClient): (number | string)[] {
  const skipped: (number | string)[] = [];
  ftp.events$.subscribe((event) => {
    if (event.type === 'skipped') skipped.push('reply' in event ? event.reply.code : event.line);
  });
  return skipped;
}

/** Uses most of what a client can do, and says what was not right. */
export async function useEverything(ftp: FtpClient): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, source$, value] of usual(ftp)) {
    try {
      const got = await lastValueFrom(source$);
      if (value !== undefined && got !== value) wrong.push(`${name} gave ${String(got)}`);
    } catch (error) {
      wrong.push(`${name} failed: ${String(error)}`);
    }
  }
  const downloaded = await textOf(ftp, '/a').catch(String);
  return downloaded === content['/a'] ? wrong : [...wrong, `RETR gave ${downloaded}`];
}

/** By name: the operation and its value, where it has one. */
function usual(ftp: FtpClient): (readonly [string, Observable<unknown>, unknown?])[] {
  return [
    ['PWD', ftp.pwd$(), '/'],
    ['SIZE', ftp.size$('/b'), content['/b'].length],
    ['STOR', ftp.stor$('/up', 'data')],
    ['SIZE of the upload', ftp.size$('/up'), 4],
    ['MLSD', ftp.entries$('/sub')],
    ['LIST', ftp.list$('/sub')],
    ['CWD', ftp.cwd$('/sub')],
    ['PWD after CWD', ftp.pwd$(), '/sub'],
    ['CDUP', ftp.cdup$()],
    ['RNFR and RNTO', ftp.rename$('/up', '/renamed')],
    ['DELE', ftp.dele$('/renamed')],
    ['MKD', ftp.mkd$('/made'), '/made'],
    ['RMD', ftp.rmd$('/made')],
    ['NOOP', ftp.noop$()],
    ['PWD at last', ftp.pwd$(), '/'],
  ];
}
