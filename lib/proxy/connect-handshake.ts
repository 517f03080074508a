/** Sends CONNECT (RFC 9110 section 9.3.6) by Node's HTTP client, over an open connection. */
import type { Duplex } from 'node:stream';
import { nodeHttp } from '../net/builtins.js';
import { answerFault, MOST_HEAD_BYTES, statusFault } from './connect-faults.js';

export interface ConnectRequest {
  /** Host and port, in ASCII. */
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Texts in the headers that no error may show. */
  readonly secrets: readonly string[];
}

/** Asks the proxy at the other end of `stream` for a connection; rejects with a ProxyFault. */
export function connectHandshake({ authority, headers, secrets }: ConnectRequest, stream: Duplex): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const request = nodeHttp().request({
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority, ...headers },
      createConnection: () => stream,
      maxHeaderSize: MOST_HEAD_BYTES,
    });
    request.once('connect', ({ statusCode: status = 0, statusMessage = '' }, _socket, head) => {
      if (status < 200 || status > 299) {
        reject(statusFault(status, statusMessage, secrets));
        return;
      }
      // The server may have spoken already.
      if (head.length > 0) stream.unshift(head);
      resolve(stream);
    });
    request.on('error', ({ code = '' }: NodeJS.ErrnoException) => reject(answerFault(code)));
    request.end();
  });
}
