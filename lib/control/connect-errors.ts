/** Turns failed connection attempts into errors that name the likely causes. */
import {
  type FtpChannel,
  FtpConnectionError,
  type FtpError,
  type FtpOutcome,
  FtpTimeoutError,
  FtpUsageError,
} from '../errors.js';
import type { ConnectorEndpoint } from '../net/connector.js';
import { DeadlinePassed } from '../net/deadline.js';

/** Nothing happened in time while connecting. */
export function connectTimeout(
  what: string,
  where: string,
  afterMs: number,
  advice = 'Check host, port and firewall, or give a larger connectTimeoutMs.',
  outcome: FtpOutcome = 'none',
): FtpTimeoutError {
  return new FtpTimeoutError(`${what} to ${where} was not done within ${afterMs} ms. ${advice}`, {
    phase: 'connect',
    afterMs,
    outcome,
  });
}

/** The circumstances of a connection attempt. */
export interface Attempt {
  readonly afterMs: number;
  /** The option, if the attempt was made from it. */
  readonly localPort?: number | undefined;
  /** The proxy on the way. */
  readonly proxy?: string | undefined;
}

/** A connection attempt that failed, on either channel. A connector may have told it in full itself. */
export function connectFailure(
  error: unknown,
  { channel, host, port }: ConnectorEndpoint,
  { afterMs, localPort, proxy }: Attempt,
): FtpError {
  if (error instanceof FtpUsageError || isFailedConnect(error, channel)) return error;
  const where = `${host}:${port}`;
  if (error instanceof DeadlinePassed) {
    if (proxy === undefined) return connectTimeout(`The ${channel} connection`, where, afterMs);
    return connectTimeout(`The ${channel} connection`, `${where} through the proxy ${proxy}`, afterMs, PROXY_ADVICE);
  }
  const { code, syscall, message } = factsOf(error);
  const portsInUse = localPort !== undefined && isPortInUse(error);
  const advice = portsInUse ? PORT_ADVICE : syscall === 'bind' ? BIND_ADVICE : connectAdvice(code, channel);
  return new FtpConnectionError(
    `The ${channel} connection to ${where} could not be opened: ${message || code || 'no reason was given'}. ${advice}`,
    { channel, phase: 'connect', outcome: 'none', cause: error },
  );
}

function isFailedConnect(error: unknown, channel: FtpChannel): error is FtpConnectionError {
  return error instanceof FtpConnectionError && error.phase === 'connect' && error.channel === channel;
}

/** A port that another connection to the same server has is refused at the connect, not at the bind. */
export function isPortInUse(error: unknown): boolean {
  const { code, syscall } = factsOf(error);
  return code === 'EADDRINUSE' || (code === 'EADDRNOTAVAIL' && syscall === 'connect');
}

/** A connector of the user's may reject with anything, also with nothing. */
function factsOf(error: unknown): { readonly code: string; readonly syscall: unknown; readonly message: string } {
  const { code, syscall, message } = (error ?? {}) as Readonly<Record<'code' | 'syscall' | 'message', unknown>>;
  const said = typeof error === 'string' ? error : message;
  return { code: typeof code === 'string' ? code : '', syscall, message: typeof said === 'string' ? said : '' };
}

/** Only a local address is bound to. */
const BIND_ADVICE =
  'Check the option localAddress: it must be an address of this machine, and of the same family as that of the server.';

const PROXY_ADVICE = 'Check that the proxy runs and can reach the server, or give a larger connectTimeoutMs.';

const PORT_ADVICE = 'Check the option localPort: this port, and those after it, are in use.';

function connectAdvice(code: string, channel: 'control' | 'data'): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Check the host name, and that it can be resolved here.';
  if (channel === 'data')
    return "A firewall may block the server's data ports: try another mode ('passive', 'active').";
  if (code === 'ECONNREFUSED') return 'Nothing listens there: check the port, and that the server runs.';
  return 'Check host, port and firewall.';
}
