/** Fills in and checks the user's options: a bad option fails before the client sends anything. */
import type { SessionSettings } from '../control/settings.js';
import { FtpUsageError } from '../errors.js';
import { SYSTEM_CLOCK } from '../net/clock.js';
import { connectSocket } from '../net/connector.js';
import { type Route, routeOf } from '../net/route.js';
import { type FtpTlsOptions, pinned } from '../net/tls-pin.js';
import { virtualHostIn, virtualHostName } from './check-login.js';
import { checkOptions } from './check-options.js';
import { codecFor } from './codec.js';
import { parseFtpUrl } from './ftp-url.js';
import { parseLoginCommands } from './login-commands.js';
import { typeCode } from './operations/transfer-options.js';
import { type ChosenOptions, DEFAULTS, type FtpOptions } from './options.js';
import { type RetryPolicy, retryPolicy } from './retry.js';

/** Checked options: those of a session, and those of a client alone. */
export interface ResolvedOptions {
  readonly settings: SessionSettings;
  readonly maxSessions: number;
  readonly retry: RetryPolicy;
  /** The rules for further tries of transfers with `resume`. */
  readonly resume: { readonly policy: RetryPolicy; readonly retriesLogins: boolean };
  readonly connectIntervalMs: number;
  readonly idleTimeoutMs: number;
  /** The type that transfers have until `type$` sets another, as TYPE's argument. */
  readonly type: string;
  readonly signal: AbortSignal | undefined;
}

/** Fills in the defaults and checks everything; throws FtpUsageError. `ofSession`: for `connect$`, not for a client. */
export function resolveOptions(given: FtpOptions | string | URL, ofSession: boolean = false): ResolvedOptions {
  const options = typeof given === 'string' || given instanceof URL ? parseFtpUrl(given) : given;
  checkOptions(options, ofSession);
  const chosen: ChosenOptions = { ...DEFAULTS, ...withoutUndefined(options) };
  const codec = codecFor(chosen.encoding);
  const port = chosen.port ?? (chosen.secure === 'implicit' ? 990 : 21);
  const { connector, proxy } = routeFor(chosen, port);
  const settings: SessionSettings = Object.freeze({
    host: chosen.host,
    port,
    user: chosen.user,
    password: passwordOf(chosen),
    account: chosen.account,
    virtualHost: chosen.virtualHost && virtualHostIn(codec.name, chosen.virtualHost),
    clientName: chosen.clientName,
    language: chosen.language,
    loginCommands: parseLoginCommands(chosen.loginCommands, codec),
    directory: chosen.directory,
    secure: chosen.secure,
    dataProtection: chosen.dataProtection,
    tls: Object.freeze(pinned(withServername(chosen))),
    allowCcc: chosen.allowCcc,
    pipelineLogin: chosen.pipelineLogin,
    mode: chosen.mode,
    activeAddress: chosen.activeAddress,
    activePorts: chosen.activePorts,
    activePeer: chosen.activePeer,
    family: chosen.family,
    localAddress: chosen.localAddress,
    localPort: chosen.localPort,
    trustPasvHost: chosen.trustPasvHost,
    connectTimeoutMs: chosen.connectTimeoutMs,
    replyTimeoutMs: chosen.replyTimeoutMs,
    stallTimeoutMs: chosen.stallTimeoutMs,
    deadlineMs: chosen.deadlineMs,
    minRate: chosen.minRate === false ? false : Object.freeze({ ...chosen.minRate }),
    abortTimeoutMs: chosen.abortTimeoutMs,
    keepAliveMs: chosen.keepAliveMs,
    transferKeepAliveMs: chosen.transferKeepAliveMs,
    progressIntervalMs: chosen.progressIntervalMs,
    maxReplyBytes: chosen.maxReplyBytes,
    maxLineBytes: chosen.maxLineBytes,
    maxCommandBytes: chosen.maxCommandBytes,
    features: chosen.features,
    codec,
    compression: chosen.compression,
    timeZone: chosen.timeZone,
    connector,
    proxy,
    clock: SYSTEM_CLOCK,
    maxSessions: ofSession ? undefined : chosen.maxSessions,
  });
  const { maxSessions, connectIntervalMs, idleTimeoutMs, signal } = chosen;
  const retry = retryPolicy(chosen.retry);
  const type = typeCode(chosen.type) ?? 'I';
  const resume =
    chosen.retry === false
      ? { policy: retryPolicy(true), retriesLogins: false }
      : { policy: retry, retriesLogins: true };
  return { settings, maxSessions, retry, resume, connectIntervalMs, idleTimeoutMs, type, signal };
}

/** The route to the server; throws FtpUsageError if the server would have to connect through a proxy. */
function routeFor({ host, mode, connector = connectSocket }: ChosenOptions, port: number): Route {
  const route = routeOf(connector, { host, port });
  if (mode !== 'active' || route.proxy === undefined) return route;
  throw new FtpUsageError(
    `Active mode does not work through a proxy: the server would have to connect to this machine, and the proxy ${route.proxy} makes connections to the server alone. Use mode: 'passive'.`,
  );
}

/**
 * TLS checks the certificate for the virtual host (RFC 7151 section 4), unless the user names another server or the virtual host is an
 * address.
 */
function withServername({ tls = {}, virtualHost }: ChosenOptions): FtpTlsOptions {
  const name = virtualHost === undefined ? '' : virtualHostName(virtualHost);
  return name === '' || tls.servername !== undefined ? tls : { ...tls, servername: name };
}

function passwordOf({ user, password }: ChosenOptions): SessionSettings['password'] {
  if (typeof password !== 'function') return () => password ?? (user === 'anonymous' ? 'anonymous@' : '');
  return async () => {
    const told: unknown = await password();
    if (typeof told === 'string') return told;
    throw new FtpUsageError('The function given as password gave no string: PASS was not sent.');
  };
}

/** An option given as undefined is one that was not given. */
function withoutUndefined(options: FtpOptions): ChosenOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as ChosenOptions;
}
