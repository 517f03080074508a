/** Explains the answers of HTTP proxies that make no connection (RFC 9110 sections 9.3.6 and 15). */
import { maskSecret } from '../protocol/command.js';
import { printable } from '../protocol/printable.js';
import { closedEarly, ProxyFault } from './proxy-fault.js';

/** The most bytes of a proxy's answer, up to its empty line. */
export const MOST_HEAD_BYTES = 16_384;

const LOGIN = "Check user and password in the proxy's URL.";
const RULES = "Ask the proxy's administrator to allow CONNECT to it: an FTP server's data ports may be any above 1023.";
const SERVER = 'Check host and port, and that the server runs.';
const NO_CONNECT = 'Check that it is an HTTP proxy that allows CONNECT.';

/** These 4xx may be over soon, and these 5xx are not. */
const SHORT: readonly number[] = /* @__PURE__ */ Object.freeze([408, 425, 429]);
const LASTING: readonly number[] = /* @__PURE__ */ Object.freeze([501, 505]);

/** An answer that is no 2xx; `secrets`: texts that it may echo. */
export function statusFault(status: number, text: string, secrets: readonly string[]): ProxyFault {
  const said = printable(maskSecret(text, secrets), 100).trim();
  const shown = said === '' ? String(status) : `${status} ${said}`;
  const transient = SHORT.includes(status) || (status >= 500 && !LASTING.includes(status));
  return new ProxyFault(`the proxy answered ${shown}`, { transient, advice: adviceFor(status), status });
}

function adviceFor(status: number): string {
  if (status === 401 || status === 407) return LOGIN;
  if (status === 403) return RULES;
  if (status >= 500 && !LASTING.includes(status)) return SERVER;
  return NO_CONNECT;
}

/** An answer that Node's HTTP client does not understand, by the code of its error. The error holds what the proxy sent, and is not kept. */
export function answerFault(code: string): ProxyFault {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return lasting(`the head of its answer has more than ${MOST_HEAD_BYTES} bytes`);
  }
  if (code === 'HPE_INVALID_EOF_STATE' || !code.startsWith('HPE_')) return closedEarly();
  return lasting(`its answer is not HTTP (${code})`);
}

function lasting(reason: string): ProxyFault {
  return new ProxyFault(reason, { transient: false, advice: NO_CONNECT });
}
