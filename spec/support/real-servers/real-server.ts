/**
 * Defines the interface between a spec or a bench and a real FTP server, the same for all of them.
 *
 * Nothing here knows one server from another; what each can do is said in `installed.ts`, how it is told to do it in the
 * file of its name.
 */

import type { Certificate } from '../certificates.js';

export type ServerName = 'vsftpd' | 'proftpd' | 'pure-ftpd' | 'pyftpdlib' | 'inetutils';

/** How to start one. The defaults are the server's own, as a distribution ships it, without its limits and delays. */
export interface ServerOptions {
  /** Default `false`: no TLS at all. */
  readonly tls?: false | 'explicit' | 'implicit';
  /** The only version the server speaks; by default it negotiates 1.2 or 1.3. */
  readonly tlsVersion?: '1.2' | '1.3';
  /** Refuse logins in clear and `PROT C`. Default `false`. */
  readonly tlsRequired?: boolean;
  /** Data connections must resume the control connection's session: vsftpd and ProFTPD only. Default `true`, as theirs. */
  readonly requireReuse?: boolean;
  /** The server's certificate: one for localhost, 127.0.0.1, ::1 and its own address, one for other.example, or one of yesterday. */
  readonly certificate?: 'valid' | 'other-host' | 'expired';
  /** Clients must show a certificate of the same authority: `RealServer.client`. Default `false`. */
  readonly requireClientCertificate?: boolean;
  /** The user's directory, left in place afterwards; by default a new one in memory, removed by `stop`. */
  readonly root?: string;
  /** The one address to listen on. Default 127.0.0.1; `'::1'` for IPv6, an address of the namespace of `commandPrefix`. */
  readonly bindAddress?: string;
  /** The words before the command; they must exec it: `['ip', 'netns', 'exec', 'lab']`. */
  readonly commandPrefix?: readonly string[];
  /** Log each command, for `RealServer.log`. Default `true`; a bench turns it off. */
  readonly logCommands?: boolean;
  /**
   * A process from the start for each connection, for ProFTPD; the others do not need it. Standalone it pauses 200 ms
   * whenever a session has ended, which a bench of many short sessions would measure; so, each costs 15 ms.
   */
  readonly inetd?: boolean;
  /** More lines of configuration (vsftpd, ProFTPD), or more arguments (Pure-FTPd, inetutils). */
  readonly extra?: readonly string[];
  /** The zone of its clock, as in the environment's TZ; without a file, since it may have changed its root: `CET-1CEST`. Default UTC. */
  readonly clock?: string;
}

export interface RealServer {
  readonly name: ServerName;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The user's directory on the local disk; it belongs to the server's user. */
  readonly root: string;
  /** Where `root` is for the client after login: `/`, or its own path where the server does not change its root. */
  readonly home: string;
  /** The authority of the server's certificate, PEM; with TLS only. */
  readonly ca?: string;
  /** A certificate of the same authority, PEM; with `requireClientCertificate` only. */
  readonly client?: Certificate;
  /** The leader of the session that all of the server's processes are in; another one after `restart`. */
  readonly pid: number;
  /** The server's output so far, to its log, stdout and stderr. */
  log(): string;
  /** Gives all below `root` to the server's user: after a spec has put files and directories there. */
  adopt(): Promise<void>;
  /** Kills all of the server's processes, and starts it again on the same port, with the files that it had. */
  restart(): Promise<void>;
  /** Kills all of the server's processes and removes its files; may be called twice. */
  stop(): Promise<void>;
}

/** Paths of PEM files. */
export interface ServerTls {
  readonly mode: 'explicit' | 'implicit';
  readonly certificate: string;
  readonly key: string;
  /** The authority's certificate. */
  readonly authority: string;
}

/** The prepared parts for one run of one server. */
export interface ServerSetting {
  /** For the server's own files. */
  readonly directory: string;
  readonly root: string;
  readonly host: string;
  readonly port: number;
  readonly passivePorts: { readonly first: number; readonly last: number };
  readonly tls: ServerTls | undefined;
  readonly options: ServerOptions;
}

/** How to run it: the answer of each server's file. */
export interface ServerProgram {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Path to content; written before anything runs. */
  readonly files?: Readonly<Record<string, string>>;
  /** A command to run before, to its end. */
  readonly prepare?: readonly string[];
  readonly workingDirectory?: string;
  /** Its own log, where that is not stdout. */
  readonly logFile?: string;
}
