/** SOCKS proxies of the specs' own: version 5 (RFC 1928, RFC 1929) and 4a. */
import type { ProxyClient, ProxyScript } from './scripted-proxy.js';

export interface SocksSetting {
  /** The user and password that are asked for; none by default. */
  readonly login?: readonly [user: string, password: string];
  /** The names that the proxy can resolve, and to what. */
  readonly names?: Readonly<Record<string, string>>;
  /** The code of the last answer, for a request that is refused; by what was asked for. */
  readonly refuse?: (asked: string) => number | undefined;
  /** Each byte of an answer in a turn of its own. */
  readonly slowly?: boolean;
  /** Is told what each client asks for: `name:port` or `address:port`. */
  readonly onAsked?: (asked: string) => void;
}

export function socks5(setting: SocksSetting = {}): ProxyScript {
  return async (client) => {
    const answer = answering(client, setting);
    const [, methods = 0] = await client.take(2);
    const offered = [...(await client.take(methods))];
    const method = setting.login === undefined ? 0 : 2;
    if (!offered.includes(method)) return client.socket.end(Buffer.from([5, 0xff]));
    await answer([5, method]);
    if (setting.login !== undefined) {
      const user = await sized(client, (await client.take(2))[1] ?? 0);
      const password = await sized(client, (await client.take(1))[0] ?? 0);
      const isGood = user === setting.login[0] && password === setting.login[1];
      await answer([1, isGood ? 0 : 1]);
      if (!isGood) return client.socket.end();
    }
    const [, , , kind = 0] = await client.take(4);
    const host = await hostOf(client, kind);
    const port = (await client.take(2)).readUInt16BE();
    const refused = asked(setting, host, port);
    if (refused !== undefined) return answer([5, refused, 0, 1, 0, 0, 0, 0, 0, 0]);
    const server = await client.reach(setting.names?.[host] ?? host, port);
    // The name of the proxy's own end: the longest kind of an answer.
    await answer([5, 0, 0, 3, 4, 112, 114, 111, 120, 0, 0]);
    client.relay(server);
  };
}

export function socks4(setting: SocksSetting = {}): ProxyScript {
  return async (client) => {
    const request = await client.take(8);
    const user = (await client.takeUntil('\0')).slice(0, -1);
    const isNamed = request.readUInt32BE(4) < 256;
    const host = isNamed ? (await client.takeUntil('\0')).slice(0, -1) : [...request.subarray(4)].join('.');
    const port = request.readUInt16BE(2);
    const answer = answering(client, setting);
    const refused = user === (setting.login?.[0] ?? '') ? asked(setting, host, port) : 93;
    if (refused !== undefined) return answer([0, refused, 0, 0, 0, 0, 0, 0]);
    const server = await client.reach(setting.names?.[host] ?? host, port);
    await answer([0, 90, 0, 0, 0, 0, 0, 0]);
    client.relay(server);
  };
}

function asked({ onAsked, refuse }: SocksSetting, host: string, port: number): number | undefined {
  onAsked?.(`${host}:${port}`);
  return refuse?.(`${host}:${port}`);
}

async function hostOf(client: ProxyClient, kind: number): Promise<string> {
  if (kind === 3) return sized(client, (await client.take(1))[0] ?? 0);
  const bytes = await client.take(kind === 1 ? 4 : 16);
  if (kind === 1) return [...bytes].join('.');
  const words = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

async function sized(client: ProxyClient, count: number): Promise<string> {
  return (await client.take(count)).toString();
}

function answering(client: ProxyClient, { slowly = false }: SocksSetting) {
  return async (bytes: readonly number[]): Promise<void> => {
    if (slowly) await client.sendSlowly(bytes);
    else client.send(bytes);
  };
}
