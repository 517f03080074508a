/** Defines the handler of a verb, and the functions that most handlers use. */
import { resolvePath } from '../paths.js';
import type { ServerTls } from '../server-sockets.js';
import type { Session } from '../session.js';
import type { TestFiles } from '../test-files.js';

/** The part of the server that a handler uses. */
export interface CommandServer {
  readonly files: TestFiles;
  /** Whether a user may log in with this password. */
  letsIn(user: string, password: string): boolean;
  readonly listing: 'mlsd' | 'unix' | 'dos';
  /** The clock of uploads and listings. */
  now(): Date;
  readonly tls: ServerTls | undefined;
  readonly mode: 'explicit' | 'implicit' | undefined;
}

/** Answers one verb. */
export type Handler = (session: Session, argument: string, server: CommandServer) => Promise<void> | void;

export type HandlerTable = Readonly<Record<string, Handler>>;

/** The absolute path that an argument names, seen from the session's directory. */
export function pathOf(session: Session, argument: string): string {
  return resolvePath(session.state.directory, argument);
}

/** A path as 257 has it: quotes doubled (RFC 959 appendix II). */
export function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

export function noSuch(session: Session, argument: string): Promise<void> {
  return session.reply(`550 ${argument}: No such file or directory.`);
}
