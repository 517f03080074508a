/** Defines the server as its sessions see it. */
import type { Socket } from 'node:net';
import type { CommandLine } from './command-line.js';
import type { Fault } from './faults.js';
import type { ServerTls } from './server-sockets.js';

/** The part of the server that a session uses. */
export interface SessionServer<Session> {
  readonly tls: ServerTls | undefined;
  /** Notes a socket that has to be closed at the end of the server. */
  track(socket: Socket): void;
  /** Notes a command as it may be shown. */
  received(shown: string): void;
  takeFault(verb: string): Fault | undefined;
  /** The answer of a handler of the test's; undefined if the usual one is to come. */
  scripted(session: Session, command: CommandLine): Promise<readonly string[] | undefined>;
  /** The usual answer. */
  answer(session: Session, command: CommandLine): Promise<void> | void;
  /** A handler or a file of the test's has failed. */
  failed(error: unknown): void;
}
