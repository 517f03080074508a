/** Declares the options that a user can give, with every default in one place. */
import type { MinRate } from '../control/min-rate.js';
import type { Connector } from '../net/connector.js';
import type { FtpTlsOptions } from '../net/tls-pin.js';
import type { TransferType } from './operations/transfer-options.js';
import type { RetryOptions } from './retry.js';

/** Options of one session: for `connect$`, and for `FtpClient` too. Durations are milliseconds, sizes bytes. */
export interface FtpSessionOptions {
  /** Host name or IP address. */
  readonly host: string;
  /** Default 21; 990 with `secure: 'implicit'`. */
  readonly port?: number | undefined;
  /** Default `anonymous`. */
  readonly user?: string | undefined;
  /**
   * A password, or a function that returns one at each login, within `connectTimeoutMs`. It must not wait for an operation of the same
   * client, which waits for the login. Default `anonymous@` for `anonymous`, else empty.
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** The client sends it by ACCT if the server asks for an account. */
  readonly account?: string | undefined;
  /**
   * Commands that the client sends after each login of every session, in this order, before its first operation: `['SITE UMASK 022']`. They
   * go after FEAT, `clientName` and `language`, and before `directory`. A refused command is a failed login, with an `FtpReplyError` that
   * names it. A `-` before a command lets the server refuse it (`'-SITE IDLE 900'`), and `events$` reports `fallback`. A command without a
   * timely answer ends the login in either case.
   *
   * A CWD among them sets the first directory of all sessions, so no `-` may stand before it. A command that an option replaces, or that
   * would put the client out of step, is an `FtpUsageError` before the client sends anything. These are USER, PASS, HOST, FEAT, AUTH, PBSZ,
   * PROT, CCC, TYPE, MODE, STRU, OPTS UTF8, OPTS MLST, REST, RNFR, RNTO, ABOR, REIN, QUIT, and all that belongs to a transfer. Default
   * `[]`.
   */
  readonly loginCommands?: readonly string[] | undefined;
  /**
   * The virtual host of a server that serves several under one address. The client sends it by HOST before AUTH and USER (RFC 7151). It is
   * a host name, an IPv4 address, or an IPv6 address in brackets. If a server does not know HOST, the login goes on without it, and
   * `events$` reports `fallback`. If a server does not serve this host, the login fails with an `FtpReplyError`. The client then names no
   * user to it.
   *
   * Under TLS the certificate must carry this name, if it is a name, in place of `host`; `tls.servername` names another. Default: none.
   */
  readonly virtualHost?: string | undefined;
  /** A name that the client sends by CLNT after each login, such as `'backup 1.0'`, if FEAT names CLNT. Default: none. */
  readonly clientName?: string | undefined;
  /**
   * The language of the texts in replies, such as `'en'` or `'fr-CA'`. The client sends it by LANG after each login (RFC 2640 section 4),
   * if FEAT names LANG. If a server lacks the language, it keeps its own, and `events$` reports `fallback`. Default: the server's own.
   */
  readonly language?: string | undefined;
  /** The directory that the client changes into after each login. Default: the server's choice. */
  readonly directory?: string | undefined;
  /** The type of transfers without one, until `type$` sets another. Default `binary`. */
  readonly type?: TransferType | undefined;
  /**
   * `explicit`: AUTH TLS on the plain port; `implicit`: TLS from the first byte. The client never falls back to clear text. Default
   * `false`.
   */
  readonly secure?: false | 'explicit' | 'implicit' | undefined;
  /**
   * Options of node:tls for both connections. The client checks them at once, and refuses unknown names and unusable keys, certificates and
   * versions. The client verifies certificates and host names unless you say otherwise here. `fingerprint256` pins the certificate of a
   * device that no authority has signed. A `checkServerIdentity` must return its Error, or undefined, at once; a promise is a refusal. Give
   * the content of the files of `ca`, `cert`, `key` and `pfx`, not their paths. Give none of them beside a `secureContext`, which would
   * hide them.
   *
   * Without `secure` they would have no effect, and the password would go out in clear text. So that is an `FtpUsageError`. With
   * `secure: false`, a session of `connect$` keeps them for `auth$`.
   */
  readonly tls?: FtpTlsOptions | undefined;
  /** Protection of data connections on a secure session. Default `private`. */
  readonly dataProtection?: 'private' | 'clear' | undefined;
  /** Let `ccc$` return the control connection to clear text after login, for firewalls that must read it. Default `false`. */
  readonly allowCcc?: boolean | undefined;
  /**
   * Write USER, PASS and the commands after them in one packet, which saves two round trips (four with TLS). All tested servers accept it
   * but pyftpdlib, which the client recognises; some devices may not. Default `false`.
   */
  readonly pipelineLogin?: boolean | undefined;
  /**
   * The side that opens data connections. `passive` (the default): the client, by EPSV, or by PASV once EPSV has failed. `epsv` or `pasv`:
   * the client, by that command alone. `active`: the server.
   */
  readonly mode?: 'passive' | 'epsv' | 'pasv' | 'active' | undefined;
  /**
   * The address in EPRT and PORT. Default: the local address of the control connection. Active mode needs it if a connector's stream has no
   * `localAddress`; without it that is an `FtpUsageError`.
   */
  readonly activeAddress?: string | undefined;
  /** First and last port to listen on in active mode. Default: any free port. */
  readonly activePorts?: readonly [number, number] | undefined;
  /**
   * The hosts that may connect in active mode. `same`: only the server's address. `any`: for servers that connect from another address of
   * theirs. With `any`, the first host that connects to the port receives, or sends, the data. Default `same`.
   */
  readonly activePeer?: 'same' | 'any' | undefined;
  /** Insist on IPv4 or IPv6; `host` and `localAddress` may not be addresses of the other. Default 0: either family. */
  readonly family?: 0 | 4 | 6 | undefined;
  /** The local address of control and data connections. It must be of this machine and of the family of the server's address. */
  readonly localAddress?: string | undefined;
  /**
   * The first local port of control connections, for firewalls that filter by it. The client skips ports in use, up to 100 of them.
   * Default: any free port.
   */
  readonly localPort?: number | undefined;
  /** The time limit of a connection, of a TLS handshake, and of a function given as `password`. Default 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The time limit of a complete reply, however its bytes arrive. Default 30 000. */
  readonly replyTimeoutMs?: number | undefined;
  /**
   * The time limit of a data connection that should move bytes and does not. Also of a transfer that its consumer or source holds while
   * other operations wait for its session. Default 60 000.
   */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * The time limit of a transfer or listing, from the beginning of its work on its session, whatever moves meanwhile. Then the client
   * aborts it on the server, and it errors with `FtpTimeoutError`. The session is ready for the next operation. Default 0: no limit.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * The least average rate of a transfer or listing, over each window of `overMs`. It is for servers that send a byte now and then. Time in
   * which nothing should move does not count. In it the consumer holds a download, or the source of an upload has nothing to send. The
   * client aborts a slower transfer, which errors with `FtpTimeoutError`. Default `false`: no limit.
   */
  readonly minRate?: MinRate | false | undefined;
  /**
   * The time that the server has to get into step after a cancel, before the client closes the connection. It begins when all other work on
   * the connection has ended. Default 5 000.
   */
  readonly abortTimeoutMs?: number | undefined;
  /** Send NOOP on a session that was idle for this long. It keeps no process alive. Default 0: never. */
  readonly keepAliveMs?: number | undefined;
  /**
   * Send NOOP while a transfer or listing runs, each time the control connection was silent for this long. It is for routers that forget a
   * quiet connection. It goes on while the consumer holds the transfer, and up to the final reply. It extends no time limit. Some servers
   * answer only after the transfer, or by 500; that changes nothing. The client then does not ask for the next transfer's port early, which
   * costs a round trip. Default 0: never.
   */
  readonly transferKeepAliveMs?: number | undefined;
  /** Least time between two `TransferProgress`. Default 250. */
  readonly progressIntervalMs?: number | undefined;
  /**
   * The server's features, as FEAT would name them, such as `['MLST type*;size*;modify*;', 'UTF8']`. The client then sends no FEAT. This is
   * for servers that leave FEAT unanswered, or answer it wrongly. Default `ask`: by FEAT (RFC 2389).
   */
  readonly features?: 'ask' | readonly string[] | undefined;
  /**
   * The encoding of names and texts, both ways. It is `utf8`, `latin1` (ISO 8859-1), or any label of `TextDecoder` whose encoding extends
   * ASCII, such as `windows-1251`, `gbk`, `gb18030`, `big5`, `shift_jis`, `euc-kr`. Other labels, such as `utf-16le` and `iso-2022-jp`, are
   * an `FtpUsageError`. The client keeps bytes outside of any character (as U+DC80 to U+DCFF), so every name round-trips. A text with a
   * character that the encoding lacks is an `FtpUsageError`, and the client sends nothing. The client asks for UTF-8 (RFC 2640) with `utf8`
   * alone.
   *
   * An object with `encode` and `decode` is your own encoding. Its `decode` must not keep the bytes, whose memory is used again. Default
   * `utf8`.
   */
  readonly encoding?:
    | 'utf8'
    | 'latin1'
    | (string & Record<never, never>)
    | { readonly encode: (text: string) => Uint8Array; readonly decode: (bytes: Uint8Array) => string }
    | undefined;
  /**
   * The zone of the times in LIST and STAT, for `entries$`. It is a name such as `Europe/Berlin`, minutes east of UTC, or `'auto'`, which
   * measures it by MDTM of listed files. Default: UTC, with `zoneKnown: false`.
   */
  readonly timeZone?: string | number | undefined;
  /**
   * `deflate` compresses files and listings on the wire, by MODE Z, if FEAT names it (draft-preston-ftpext-deflate). If a server does not
   * name it, or refuses it, transfers go in MODE S, and `events$` reports `fallback` once. Uploads to ProFTPD, which inflates slowly, also
   * go in MODE S. So do transfers with a `start` to any other server.
   *
   * Byte counts, `start`, `end`, `size`, `verify`, progress, `minRate` and the `bytes` of errors are those of the file. A compressed stream
   * without its end is a truncated file, and one with a wrong checksum is damaged. Both are an `FtpTransferError`. An upload shrinks to a
   * sixth at most, since some servers lose bytes if it shrinks more. `mode$` overrides the option. Default `false`.
   */
  readonly compression?: false | 'deflate' | undefined;
  /** Connect to the host that a PASV reply names, instead of the server itself. Default `false`: the reply can name any host. */
  readonly trustPasvHost?: boolean | undefined;
  /** The longest reply. Default 256 KiB. */
  readonly maxReplyBytes?: number | undefined;
  /** The longest line of a reply. Default 64 KiB. */
  readonly maxLineBytes?: number | undefined;
  /**
   * The longest command line, CRLF included, at least 64. A longer one is an `FtpUsageError`, since some servers run the rest of it as
   * another command. Default: the known limit of the server that the greeting identifies. For any other it is 510 (RFC 959 names no limit).
   * Raise it if you know that a server accepts more. The client never exceeds the limit of a server that the greeting identifies.
   */
  readonly maxCommandBytes?: number | undefined;
  /** Makes the connections: through proxies by `rxftp/proxy`, or see `Connector`. Default: `connectSocket`, by `net.connect`. */
  readonly connector?: Connector | undefined;
  /** Closes the session or the client when it aborts. Its reason is the error of all running, waiting and later operations. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `FtpClient`: those of its sessions, and rules about their number and their logins. */
export interface FtpOptions extends FtpSessionOptions {
  /**
   * The greatest number of open sessions of an `FtpClient`. If the server allows fewer, the client works with those, reports it in
   * `events$` (`limit`), and tries one more after 1, 2, 4 ... 60 minutes, when work waits. Default 1.
   */
  readonly maxSessions?: number | undefined;
  /**
   * Whether an `FtpClient` repeats logins and operations that have failed for now. It repeats a login while operations wait and no session
   * is open. It does so after a lost or refused connection, a timeout, a 4yz reply other than 452, or a report of too many sessions. Never
   * after a wrong password or another 5yz reply, a usage error or a security error.
   *
   * It repeats an operation that asks, or sets the same value again, until it has emitted its first value. It repeats a STOR if its source
   * can be read again. It repeats DELE, MKD, RMD, a rename, APPE, STOU and SITE only if the server has done nothing, or has refused by 421,
   * 425 or 450. An operation keeps its place while it waits, and `events$` reports `retrying`.
   *
   * `false`: one try. `true`: five. Logins and operations count their own. If no login succeeds, the client does not repeat the operation.
   *
   * After a failed connection the next login waits in any case, for all operations. The wait is a random time whose bound is `delayMs` at
   * first, and doubles with each failure up to `maxDelayMs`. Default `false`.
   */
  readonly retry?: boolean | RetryOptions | undefined;
  /** Least time between the beginnings of two logins of an `FtpClient`, for hosts that ban by rate. Default 0. */
  readonly connectIntervalMs?: number | undefined;
  /**
   * Send QUIT on a session of an `FtpClient` that was idle for this long, the last one too. The next operation opens a session again. The
   * NOOP of `keepAliveMs` does not count as use. The wait keeps no process alive. Default 0: never.
   */
  readonly idleTimeoutMs?: number | undefined;
}

type Defaulted =
  | 'user'
  | 'type'
  | 'secure'
  | 'dataProtection'
  | 'allowCcc'
  | 'pipelineLogin'
  | 'loginCommands'
  | 'mode'
  | 'activePeer'
  | 'family'
  | 'connectTimeoutMs'
  | 'replyTimeoutMs'
  | 'stallTimeoutMs'
  | 'deadlineMs'
  | 'minRate'
  | 'abortTimeoutMs'
  | 'keepAliveMs'
  | 'transferKeepAliveMs'
  | 'progressIntervalMs'
  | 'features'
  | 'encoding'
  | 'compression'
  | 'trustPasvHost'
  | 'maxSessions'
  | 'retry'
  | 'connectIntervalMs'
  | 'idleTimeoutMs'
  | 'maxReplyBytes'
  | 'maxLineBytes';

export type FtpDefaults = { readonly [K in Defaulted]: Exclude<FtpOptions[K], undefined> };

/** The options with their fixed defaults filled in. */
export type ChosenOptions = Omit<FtpOptions, Defaulted> & FtpDefaults;

/** The defaults of all options that have a fixed one. */
export const DEFAULTS: FtpDefaults = /* @__PURE__ */ Object.freeze({
  user: 'anonymous',
  type: 'binary',
  secure: false,
  dataProtection: 'private',
  allowCcc: false,
  pipelineLogin: false,
  loginCommands: /* @__PURE__ */ Object.freeze([]),
  mode: 'passive',
  activePeer: 'same',
  family: 0,
  connectTimeoutMs: 10_000,
  replyTimeoutMs: 30_000,
  stallTimeoutMs: 60_000,
  deadlineMs: 0,
  minRate: false,
  abortTimeoutMs: 5_000,
  keepAliveMs: 0,
  transferKeepAliveMs: 0,
  progressIntervalMs: 250,
  features: 'ask',
  encoding: 'utf8',
  compression: false,
  trustPasvHost: false,
  maxSessions: 1,
  retry: false,
  connectIntervalMs: 0,
  idleTimeoutMs: 0,
  maxReplyBytes: 256 * 1024,
  maxLineBytes: 64 * 1024,
});
