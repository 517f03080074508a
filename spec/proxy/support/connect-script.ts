/** An HTTP proxy of the specs' own, which knows CONNECT alone. */
import type { ProxyScript } from './scripted-proxy.js';

export interface ConnectSetting {
  /** The required `Proxy-Authorization`; none by default. */
  readonly authorization?: string;
  /** The names that the proxy can resolve, and to what. */
  readonly names?: Readonly<Record<string, string>>;
  /** The whole answer to a request that is refused; by what was asked for. */
  readonly refuse?: (asked: string) => string | undefined;
  /** Each byte of an answer in a turn of its own. */
  readonly slowly?: boolean;
  /** Is told the head of each request. */
  readonly onAsked?: (head: string) => void;
}

export const GRANTED = 'HTTP/1.1 200 Connection established\r\nVia: spec\r\n\r\n';

export function httpProxy(setting: ConnectSetting = {}): ProxyScript {
  return async (client) => {
    const head = await client.takeUntil('\r\n\r\n');
    setting.onAsked?.(head);
    const [, asked = ''] = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    const [, given] = /^proxy-authorization: (.*)\r$/im.exec(head) ?? [];
    const refusal = given === setting.authorization ? setting.refuse?.(asked) : NO_CREDENTIALS;
    if (refusal !== undefined) {
      client.socket.end(refusal);
      return;
    }
    const { hostname, port } = new URL(`spec://${asked}`);
    const host = hostname.replace(/^\[|\]$/g, '');
    const server = await client.reach(setting.names?.[host] ?? host, Number(port));
    if (setting.slowly === true) await client.sendSlowly(GRANTED);
    else client.send(GRANTED);
    client.relay(server);
  };
}

const NO_CREDENTIALS = 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nNo';
