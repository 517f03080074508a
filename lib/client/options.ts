/** The options that a user can give, with every default in one place. */
import type { MinRate } from '../control/settings.js';
import type { Connector } from '../net/connector.js';
import type { FtpTlsOptions } from '../net/tls-pin.js';
import type { TransferType } from './operations/transfer-options.js';
import type { RetryOptions } from './retry.js';

/** Options of one session: of `connect$`, and of `FtpClient` too. Durations are milliseconds, sizes bytes. */
export interface FtpSessionOptions {
  /** Host name or IP address. */
  readonly host: string;
  /** Default 21; 990 with `secure: 'implicit'`. */
  readonly port?: number | undefined;
  /** Default `anonymous`. */
  readonly user?: string | undefined;
  /**
   * A password, or a function that gives one at each login, within `connectTimeoutMs`. It must not wait for an operation of the
   * same client, which waits for the login. Default `anonymous@` for `anonymous`, else empty.
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** Sent by ACCT when the server asks for an account. */
  readonly account?: string | undefined;
  /**
   * Commands that follow each login of every session, in this order, before its first operation: `['SITE UMASK 022']`. They go
   * after FEAT, `clientName` and `language`, and before `directory`. A refused one is a failed login, with an `FtpReplyError` that names
   * it. A `-` before a command lets the server refuse it (`'-SITE IDLE 900'`), and `events$` tells `fallback`. One without an
   * answer in time ends the login in either case.
   *
   * All sessions begin where a CWD among them leads, so that no `-` may stand before it. Commands that an option stands for, or that
   * would put the client out of step, are an `FtpUsageError` before anything is sent: USER, PASS, HOST, FEAT, AUTH, PBSZ, PROT, CCC,
   * TYPE, MODE, STRU, OPTS UTF8, OPTS MLST, REST, RNFR, RNTO, ABOR, REIN, QUIT, and all that belongs to a transfer. Default `[]`.
   */
  readonly loginCommands?: readonly string[] | undefined;
  /**
   * The virtual host of a server that serves several under one address, for HOST before AUTH and USER (RFC 7151): a host name, an IPv4
   * address, or an IPv6 address in brackets. A server that does not know HOST is logged in to without it, and `events$` tells
   * `fallback`. One that does not serve this host is an `FtpReplyError`, and no user is named to it.
   *
   * Under TLS the certificate must carry this name, where it is one, in place of `host`; `tls.servername` names another. Default: none.
   */
  readonly virtualHost?: string | undefined;
  /** A name that CLNT tells the server after each login, such as `'backup 1.0'`, where FEAT names CLNT. Default: none. */
  readonly clientName?: string | undefined;
  /**
   * The language of the texts in replies, such as `'en'` or `'fr-CA'`, for LANG after each login (RFC 2640 section 4), where FEAT names
   * LANG. A server without the language goes on in its own, and `events$` tells `fallback`. Default: the server's own.
   */
  readonly language?: string | undefined;
  /** The directory to go to after each login. Default: where the server puts the user. */
  readonly directory?: string | undefined;
  /** The type of transfers that name none, until `type$` sets another. Default `binary`. */
  readonly type?: TransferType | undefined;
  /** `explicit`: AUTH TLS on the plain port; `implicit`: TLS from the first byte. Never falls back to clear text. Default `false`. */
  readonly secure?: false | 'explicit' | 'implicit' | undefined;
  /**
   * Options of node:tls for both connections, checked at once: names that there are none of, and keys, certificates and versions
   * that cannot be used, are refused. Certificates and host names are verified unless said otherwise here; `fingerprint256` pins the certificate of a
   * device that has none of an authority. A `checkServerIdentity` must give its
   * Error, or undefined, at once; a promise is a refusal. Give what the files of `ca`, `cert`, `key` and `pfx` hold, not their
   * paths, and none of them beside a `secureContext`, which would hide them.
   *
   * Only with `secure`: without it they would have no effect, and the password would go out in clear, so that is an
   * `FtpUsageError`. With `secure: false` said, a session of `connect$` takes them for `auth$`.
   */
  readonly tls?: FtpTlsOptions | undefined;
  /** Protection of data connections on a secure session. Default `private`. */
  readonly dataProtection?: 'private' | 'clear' | undefined;
  /** Let `ccc$` clear the control connection after login, for firewalls that must read it. Default `false`. */
  readonly allowCcc?: boolean | undefined;
  /**
   * Write USER, PASS and what follows in one packet, which saves two round trips (four with TLS). All servers tried take
   * it but pyftpdlib, which is told apart; some devices may not. Default `false`.
   */
  readonly pipelineLogin?: boolean | undefined;
  /**
   * The side that opens data connections. `passive` (the default): the client, by EPSV, or by PASV once EPSV has failed; `epsv`
   * or `pasv`: the client, by that command alone; `active`: the server.
   */
  readonly mode?: 'passive' | 'epsv' | 'pasv' | 'active' | undefined;
  /**
   * The address that EPRT and PORT name. Default: the local address of the control connection. In active mode a connector whose
   * stream has no `localAddress` needs it; without it that is an `FtpUsageError`.
   */
  readonly activeAddress?: string | undefined;
  /** First and last port to listen on in active mode. Default: any free port. */
  readonly activePorts?: readonly [number, number] | undefined;
  /**
   * The hosts that may connect in active mode: `same`, the server's address alone; `any`, for servers that connect from another
   * address of theirs. With `any`, the first host that connects to the port gets, or gives, the data. Default `same`.
   */
  readonly activePeer?: 'same' | 'any' | undefined;
  /** Insist on IPv4 or IPv6; `host` and `localAddress` may not be addresses of the other. Default 0: whichever answers. */
  readonly family?: 0 | 4 | 6 | undefined;
  /** The local address of control and data connections, of this machine and of the family of the server's. */
  readonly localAddress?: string | undefined;
  /**
   * The first local port of control connections, for firewalls that go by it. One that is in use is passed over, up to 100 of
   * them. Default: any free port.
   */
  readonly localPort?: number | undefined;
  /** How long a connection, a TLS handshake, and a function given as `password` may take. Default 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long a complete reply may take, however its bytes arrive. Default 30 000. */
  readonly replyTimeoutMs?: number | undefined;
  /**
   * How long a data connection may stand still while something should move, and how long its consumer or source may hold a
   * transfer while other operations wait for its session. Default 60 000.
   */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * How long a transfer or listing may take, from when its work begins on its session, whatever moves meanwhile. Then it is
   * aborted on the server and errors with `FtpTimeoutError`; the session is ready for the next operation. Default 0: no limit.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * The least average rate of a transfer or listing, judged over each window of `overMs`, against a server that sends a byte
   * now and then. Time in which nothing should move does not count: the consumer holds a download, or the source of an
   * upload has nothing to send. A slower transfer is aborted and errors with `FtpTimeoutError`. Default `false`: no limit.
   */
  readonly minRate?: MinRate | false | undefined;
  /**
   * How long the server has to get into step after something was cancelled, before the connection is closed. It begins when
   * nothing else is under way on the connection. Default 5 000.
   */
  readonly abortTimeoutMs?: number | undefined;
  /** Send NOOP on a session that was idle for this long. It keeps no process alive. Default 0: never. */
  readonly keepAliveMs?: number | undefined;
  /**
   * Send NOOP while a transfer or listing runs, each time nothing was sent or received on the control connection for this long:
   * for routers that forget a quiet connection. It goes on while the consumer holds the transfer, and up to the final reply. It
   * prolongs no time limit. Some servers answer only behind the transfer, or by 500; that changes nothing. The next transfer's
   * port is not asked for early then, which costs a round trip. Default 0: never.
   */
  readonly transferKeepAliveMs?: number | undefined;
  /** Least time between two `TransferProgress`. Default 250. */
  readonly progressIntervalMs?: number | undefined;
  /**
   * The server's features, as FEAT would name them, such as `['MLST type*;size*;modify*;', 'UTF8']`: FEAT is not sent then. For
   * servers that leave FEAT unanswered, or answer it wrongly. Default `ask`: by FEAT (RFC 2389).
   */
  readonly features?: 'ask' | readonly string[] | undefined;
  /**
   * How names and texts are encoded, both ways: `utf8`, `latin1` (ISO 8859-1), or any label of `TextDecoder` whose encoding extends
   * ASCII, such as `windows-1251`, `gbk`, `gb18030`, `big5`, `shift_jis`, `euc-kr`. Others, such as `utf-16le` and `iso-2022-jp`,
   * are an `FtpUsageError`. Bytes that are no character of the encoding are kept (as U+DC80 to U+DCFF), so that every name
   * round-trips. A text with a character that the encoding does not have is an `FtpUsageError`, and nothing is sent. UTF-8
   * (RFC 2640) is asked for with `utf8` alone.
   *
   * An object with `encode` and `decode` is an encoding of your own; its `decode` must not keep the bytes, whose memory is used
   * again. Default `utf8`.
   */
  readonly encoding?:
    | 'utf8'
    | 'latin1'
    | (string & Record<never, never>)
    | { readonly encode: (text: string) => Uint8Array; readonly decode: (bytes: Uint8Array) => string }
    | undefined;
  /**
   * The zone of the times in LIST and STAT, for `entries$`: a name such as `Europe/Berlin`, minutes east of UTC, or `'auto'`, which
   * measures it by MDTM of listed files. Default: UTC, with `zoneKnown: false`.
   */
  readonly timeZone?: string | number | undefined;
  /**
   * `deflate`: files and listings are compressed on the wire, by MODE Z, where FEAT names it (draft-preston-ftpext-deflate). A server
   * that does not name it, or refuses it, is used in MODE S, and `events$` tells `fallback` once. So are uploads to ProFTPD, which
   * inflates slowly, and transfers with a `start` to any other server.
   *
   * Byte counts, `start`, `end`, `size`, `verify`, progress, `minRate` and the `bytes` of errors are those of the file. A compressed
   * stream without its end is a truncated file, and one with a wrong checksum a damaged one: `FtpTransferError`. An upload shrinks to a
   * sixth at most, since some servers lose bytes of one that shrinks more. `mode$` overrules the option. Default `false`.
   */
  readonly compression?: false | 'deflate' | undefined;
  /** Connect to the host that a PASV reply names, instead of the server itself. Default `false`: it can be any host. */
  readonly trustPasvHost?: boolean | undefined;
  /** The longest reply. Default 256 KiB. */
  readonly maxReplyBytes?: number | undefined;
  /** The longest line of a reply. Default 64 KiB. */
  readonly maxLineBytes?: number | undefined;
  /**
   * The longest command line, CRLF included, at least 64; a longer one is refused with `FtpUsageError`, since some servers run
   * the rest of it as another command. Default: what the server, told by its greeting, was seen to take, and 510 for any other
   * (RFC 959 names no limit). Raise it for a server that you know to take more; one that is told by its greeting is never
   * sent more than it takes.
   */
  readonly maxCommandBytes?: number | undefined;
  /** How connections are made: through proxies by `rxftp/proxy`, or see `Connector`. Default: `connectSocket`, by `net.connect`. */
  readonly connector?: Connector | undefined;
  /** Closes the session or the client when it aborts; its reason is the error of what runs, of what waits, and of what comes later. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `FtpClient`: those of its sessions, and how many it opens, and when. */
export interface FtpOptions extends FtpSessionOptions {
  /**
   * How many sessions an `FtpClient` may have open. Where the server lets in fewer, the client works with those, tells so by
   * `events$` (`limit`), and tries one more after 1, 2, 4 ... 60 minutes, when work waits. Default 1.
   */
  readonly maxSessions?: number | undefined;
  /**
   * Whether an `FtpClient` repeats what has failed for now: a login, while operations wait and no session is open, and an operation.
   * That is after a lost or refused connection, a timeout, a 4yz reply other than 452, and when the server says that there are too
   * many sessions. Never after a wrong password or another 5yz reply, a usage error or a security error.
   *
   * An operation that asks, or that sets the same again, is repeated until it has handed on its first value; a STOR if its source can
   * be read again. DELE, MKD, RMD, a rename, APPE, STOU and SITE are repeated only if nothing was done, or if the server has
   * refused them by 421, 425 or 450. An operation keeps its place while it waits, and `events$` tells `retrying`.
   *
   * `false`: one try. `true`: five. Logins and operations count their own. An operation that no login comes to is not repeated.
   *
   * After a failed connection the next login waits, whatever is given here and whichever operation asks for it: a random
   * time whose bound is `delayMs` at first, and doubles with each failure up to `maxDelayMs`. Default `false`.
   */
  readonly retry?: boolean | RetryOptions | undefined;
  /** Least time between the beginnings of two logins of an `FtpClient`, for hosts that ban by rate. Default 0. */
  readonly connectIntervalMs?: number | undefined;
  /**
   * Say QUIT on a session of an `FtpClient` that was idle for this long, the last one too: then nothing of the client is left but
   * itself, and the next operation opens a session again. The NOOP of `keepAliveMs` is no use. The wait keeps no process
   * alive. Default 0: never.
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
