/** Names the reason for which a proxy has made no connection, and makes the error that users get for it. Neither holds credentials. */
import { FtpConnectionError } from '../errors.js';
import type { ConnectorEndpoint } from '../net/connector.js';
import { authorityOf, type ProxyServer } from './proxy-server.js';

/** The known facts of a fault besides its reason. */
export interface ProxyFaultDetails {
  /** The same may succeed a little later. */
  readonly transient: boolean;
  /** The advice, in one sentence. */
  readonly advice: string;
  /** As Node calls it, if the server's side of the connection failed: `ECONNREFUSED`, `EHOSTUNREACH`. */
  readonly code?: string | undefined;
  /** The status of an HTTP proxy's answer. */
  readonly status?: number | undefined;
  /** Another address of the same server may do. */
  readonly ofAddress?: boolean | undefined;
}

/** A proxy that has made no connection: the cause of the error that users get. */
export class ProxyFault extends Error {
  override readonly name = 'ProxyFault';
  readonly transient: boolean;
  readonly advice: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly ofAddress: boolean;

  constructor(
    reason: string,
    { transient, advice, code, status, ofAddress = false }: ProxyFaultDetails,
    cause?: Error,
  ) {
    super(reason, cause === undefined ? undefined : { cause });
    this.transient = transient;
    this.advice = advice;
    this.code = code;
    this.status = status;
    this.ofAddress = ofAddress;
  }
}

/** `fault` as the error of a connection to `endpoint`. */
export function connectionError(
  fault: ProxyFault,
  endpoint: ConnectorEndpoint,
  proxy: ProxyServer,
): FtpConnectionError {
  const { channel } = endpoint;
  const where = `${authorityOf(endpoint)} through the proxy ${proxy.name}`;
  return new FtpConnectionError(
    `The ${channel} connection to ${where} could not be opened: ${fault.message}. ${fault.advice}`,
    { channel, phase: 'connect', outcome: 'none', transient: fault.transient, cause: fault },
  );
}

/** A proxy that has hung up. */
export function closedEarly(): ProxyFault {
  return new ProxyFault('it closed the connection before it had answered', {
    transient: true,
    advice: "Check the proxy's address and its limits.",
  });
}
