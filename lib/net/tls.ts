/**
 * Secures an existing connection by TLS, or opens a secured one. It ties data connections to their control connection by the session.
 *
 * Servers (vsftpd, ProFTPD, FileZilla) refuse a data connection whose TLS session is not the control connection's. Newer Node
 * releases resume a session only for the same host identity. So both connections get the same options and the same name. It reads the
 * session when it secures a data connection, never earlier: TLS 1.3 tickets arrive after the handshake.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import { FtpConnectionError, FtpSecurityError } from '../errors.js';
import { nodeCrypto, nodeTls } from './builtins.js';
import type { Cancellation } from './cancellation.js';
import { type ConnectorEndpoint, connected, type Deadline, socketOptions } from './connector.js';

/** The server's name, which its certificate must prove, and node's options for that. */
export interface TlsIdentity {
  readonly host: string;
  readonly options: ConnectionOptions;
}

/** Starts the handshake as a client over `raw`. The caller listens for `secureConnect` and `error`. */
export function startTls(raw: Duplex, identity: TlsIdentity, session?: Buffer): TLSSocket {
  return nodeTls().connect({ ...clientOptions(identity, session), socket: raw });
}

/**
 * Connects and starts the handshake in one step. That saves a socket between TLS and the network, and lets TLS read into `endpoint.onread`.
 * Resolves when connected. The caller listens for `secureConnect` and `error` from then on, and sees by `destroyed` that it came too late.
 */
export function connectTls(
  endpoint: ConnectorEndpoint,
  identity: TlsIdentity,
  session: Buffer | undefined,
  signal: Cancellation,
  deadline: Deadline,
): Promise<TLSSocket> {
  const own = { ...socketOptions(endpoint), path: undefined, socket: undefined };
  const open = (): TLSSocket => {
    const socket = nodeTls().connect({ ...clientOptions(identity, session), ...own });
    // The ClientHello may fail before the caller, whose turn is later, can listen.
    return socket.on('error', ignoreEarlyError);
  };
  return connected(open, signal, deadline);
}

/** Whether node calls the server by the same name when TLS connects to `host` itself: else no session is resumed. */
export function isKnownAt(host: string, { host: name, options }: TlsIdentity): boolean {
  return name === host || Boolean(options.servername ?? isIP(name) === 0);
}

function clientOptions({ host, options }: TlsIdentity, session: Buffer | undefined): ConnectionOptions {
  const check = options.checkServerIdentity ?? checkIdentity;
  return {
    ...options,
    checkServerIdentity: (name, peer) => verdict(check, name, peer),
    host,
    ...(isIP(host) === 0 && options.servername === undefined ? { servername: host } : {}),
    ...(session === undefined ? {} : { session }),
  };
}

/**
 * The fault that the user's own `checkServerIdentity` finds with the server. Node asks it only if the chain was verified; a pinned
 * fingerprint must count without a chain too (`rejectUnauthorized: false`).
 */
export function identityFault(socket: TLSSocket, { host, options }: TlsIdentity): Error | undefined {
  if (options.checkServerIdentity === undefined || options.rejectUnauthorized !== false || socket.isSessionReused()) {
    return undefined;
  }
  return verdict(options.checkServerIdentity, options.servername ?? host, socket.getPeerCertificate(true));
}

/** Node's check; but Node 22.23 finds IPv6 addresses in no certificate, where OpenSSL's own check stands in. */
export function checkIdentity(name: string, peer: PeerCertificate): Error | undefined {
  const fault = nodeTls().checkServerIdentity(name, peer);
  if (fault === undefined || isIP(name) !== 6) return fault;
  const { X509Certificate } = nodeCrypto();
  return new X509Certificate(peer.raw).checkIP(name) === undefined ? fault : undefined;
}

/**
 * A check that throws has refused; node would let the exception end the process. A result other than nothing is a refusal too. Node would take
 * `false` for consent, and the promise of an `async` function for a refusal.
 */
function verdict(
  check: (name: string, peer: PeerCertificate) => unknown,
  name: string,
  peer: PeerCertificate,
): Error | undefined {
  try {
    const fault = check(name, peer);
    if (fault === undefined || fault === null || fault instanceof Error) return fault ?? undefined;
    // A promise settles too late for the handshake, and its rejection is ignored for the same reason.
    Promise.resolve(fault).catch(() => undefined);
    return new Error(`tls.checkServerIdentity must give an Error or undefined, at once, but gave ${describe(fault)}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function describe(value: unknown): string {
  return value instanceof Promise ? 'a promise' : `this: ${String(value)}`;
}

/** Resolves when the handshake is done and the server's identity was accepted; rejects and destroys the socket otherwise. */
export function secured(socket: TLSSocket, identity: TlsIdentity, signal: Cancellation): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('secureConnect', onSecure).off('close', onClose);
    };
    const fail = (error: unknown): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const onSecure = (): void => {
      const fault = identityFault(socket, identity);
      if (fault !== undefined) {
        fail(fault);
        return;
      }
      settle();
      socket.off('error', fail);
      resolve(socket);
    };
    const onClose = (): void => fail(Object.assign(new Error('it was closed'), { code: 'ECONNRESET' }));
    const onAbort = (): void => fail(signal.reason);
    socket.once('secureConnect', onSecure).on('error', fail).once('close', onClose);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

/** The codes of a connection that breaks off. Every other one is a refusal, by TLS itself or by the user's own check. */
const BROKEN_OFF = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ERR_STREAM|ERR_SOCKET)/;

/** The codes of Node and OpenSSL for bytes that are no TLS, such as the greeting of a server in clear text. */
const NO_TLS = /WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|PACKET_LENGTH|HTTP_REQUEST/;

/**
 * A failed handshake as the error that names the side to blame. `withoutTls` is the advice for a server that does not speak TLS here.
 */
export function handshakeError(
  error: unknown,
  channel: 'control' | 'data',
  host: string,
  withoutTls?: string,
): FtpSecurityError | FtpConnectionError {
  if (error instanceof FtpSecurityError) return error;
  const { code = '', message = String(error), reason = message } = error as NodeJS.ErrnoException & { reason?: string };
  const where = `the ${channel} connection to ${host}`;
  if (BROKEN_OFF.test(code)) {
    return new FtpConnectionError(
      `The TLS handshake on ${where} broke off: ${message}${withoutTls === undefined ? '' : `. ${withoutTls}`}`,
      {
        channel,
        phase: 'tls',
        cause: error,
      },
    );
  }
  const named = code === '' ? '' : ` (${code})`;
  const advice = (NO_TLS.test(code) ? withoutTls : undefined) ?? handshakeAdvice(code);
  return new FtpSecurityError(`TLS on ${where} was refused: ${reason.trim()}${named}. ${advice}`, {
    cause: error,
  });
}

/** Whether the peer has ended a connection that was under TLS, and has said why. */
export function isTlsAlert(error: Error): boolean {
  return /^ERR_SSL_\w*ALERT/.test((error as NodeJS.ErrnoException).code ?? '');
}

function handshakeAdvice(code: string): string {
  if (code === '') return 'tls.checkServerIdentity refused it.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'The certificate is for another name: connect by the name it carries, or give tls.servername or tls.checkServerIdentity.';
  }
  if (/SELF_SIGNED|UNABLE_TO|ISSUER/.test(code)) {
    return 'The certificate is not signed by an authority known here: give the CA in tls.ca.';
  }
  if (code === 'CERT_SIGNATURE_FAILURE') {
    return 'The CA in tls.ca has not signed this certificate: it is an older or newer one of the same name.';
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return 'The certificate has expired, and the server must renew it; or it is the one in tls.ca that has expired.';
  }
  if (code === 'CERT_NOT_YET_VALID') return 'The certificate is not valid yet: check the clocks of both machines.';
  if (/UNRECOGNIZED_NAME/.test(code)) {
    return 'The server has no TLS for this name: check virtualHost and tls.servername.';
  }
  if (/ALERT_CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE|ALERT_BAD_CERTIFICATE/.test(code)) {
    return 'The server may want a client certificate: give tls.cert and tls.key.';
  }
  if (NO_TLS.test(code)) return 'The server answered in clear text where TLS was to begin: check host and port.';
  return 'Check that the port speaks TLS, and which TLS versions both sides allow.';
}

/** The caller sees later that the socket is destroyed. */
function ignoreEarlyError(): void {}
