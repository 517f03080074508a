/** Defines a default command handler: an answer by the small correct server. */
import { posix } from 'node:path';
import type { AbortStyle } from '../abort-style.js';
import type { EventKind, EventOf, ServerEvent } from '../journal.js';
import type { MemoryTree } from '../memory-tree.js';
import type { ScriptedServerOptions } from '../options.js';
import type { ServerTls } from '../server-tls.js';
import type { Session } from '../session.js';

/** The members of the server that a default handler needs. */
export interface CommandServer {
  readonly tree: MemoryTree;
  readonly options: ScriptedServerOptions;
  readonly host: string;
  readonly features: readonly string[];
  readonly abort: AbortStyle;
  readonly tls: ServerTls | undefined;
  readonly events: readonly ServerEvent[];
  event<K extends EventKind>(kind: K, which?: { where?: (event: EventOf<K>) => boolean }): Promise<EventOf<K>>;
}

export type DefaultHandler = (session: Session, argument: string, server: CommandServer) => unknown;
export type HandlerTable = Readonly<Record<string, DefaultHandler>>;

/** The absolute path an argument names, seen from the session's directory. */
export function resolvePath(session: Session, argument: string): string {
  return posix.resolve('/', session.state.directory, argument);
}

/** A path as 257 has it: quotes doubled. */
export function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

export function noSuch(session: Session, argument: string): Promise<void> {
  return session.reply(`550 ${argument}: No such file or directory`);
}
