/** Defines the set-up of a scripted server. */
import type { TlsOptions } from 'node:tls';
import type { Certificate } from '../certificates.js';
import type { AbortStyle } from './abort-style.js';
import type { Files } from './memory-tree.js';
import type { Chunking } from './reply-writer.js';
import type { CommandLine, Session } from './session.js';

/** A command line as a handler gets it. */
export interface Command extends CommandLine {
  /** Does what the server does without a script. */
  byDefault(): Promise<void>;
}

/** Answers one verb. An error that it throws fails the spec when the server is closed. */
export type Handler = (session: Session, argument: string, command: Command) => unknown;

export interface ScriptedTls {
  readonly mode: 'explicit' | 'implicit';
  /** Default: one for localhost, 127.0.0.1 and ::1, signed by `server.authority`. */
  readonly certificate?: Certificate;
  /** For data connections; default: the same. */
  readonly dataCertificate?: Certificate;
  /** More options of node's TLS server: versions, client certificates, ALPN. */
  readonly options?: TlsOptions;
  /** Refuse data connections that do not resume a session: 522 and the end of the control connection, as in vsftpd. */
  readonly requireReuse?: boolean;
  /** Data connections know no session of the control connection: as another server would not. */
  readonly separateSessions?: boolean;
}

export interface ScriptedServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: '127.0.0.1' | '::1';
  readonly files?: Files;
  /** Passwords by user; default: any user may log in. */
  readonly users?: Readonly<Record<string, string>>;
  /** `false` lets commands through without USER and PASS. */
  readonly login?: boolean;
  /** Replies on connecting (default `220 Ready (rxftp test server)`, which says that each command is answered once), what to do instead, or `false` for silence. */
  readonly greeting?: string | readonly string[] | ((session: Session) => unknown) | false;
  /** Default: `bytes` when the environment has RXFTP_CHUNKING=bytes, else `whole`. */
  readonly chunking?: Chunking;
  readonly tls?: 'explicit' | 'implicit' | ScriptedTls;
  /** CCC is granted. */
  readonly ccc?: boolean;
  /** The address in a 227 reply, by commas or dots; default: the true one. */
  readonly pasvHost?: string;
  /** How aborted transfers and ABOR are answered; default `426+225`. */
  readonly abort?: AbortStyle;
  /** ABOR ends a transfer when it arrives (pyftpdlib); default: only the end of the data connection does (vsftpd). */
  readonly abortsAtOnce?: boolean;
  /** Verbs answered on arrival, even during a transfer; default none. */
  readonly outOfTurn?: readonly string[];
}
