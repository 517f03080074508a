/** Types of the connectors through proxies: what they give, and arguments that the compiler refuses. */
import { expectTypeOf } from 'vitest';
import { type Connector, FtpClient } from '../../../lib/index.js';
import { httpConnect, proxyFromEnvironment, socks } from '../../../lib/proxy/index.js';

expectTypeOf(socks).returns.toEqualTypeOf<Connector>();
expectTypeOf(httpConnect).returns.toEqualTypeOf<Connector>();
expectTypeOf(proxyFromEnvironment).returns.toEqualTypeOf<Connector>();

/** Never run. */
export const good: readonly (() => unknown)[] = [
  () => new FtpClient({ host: 'ftp.example.com', connector: socks('socks5h://localhost:1080') }),
  () => httpConnect(new URL('http://proxy.example.com'), { 'User-Agent': 'me' }),
  () => [proxyFromEnvironment(), proxyFromEnvironment({ ALL_PROXY: 'socks5://localhost' })],
];

/** Never run. */
export const refused: readonly (() => unknown)[] = [
  // @ts-expect-error a proxy is named by its URL
  () => socks({ host: 'localhost', port: 1080 }),
  // @ts-expect-error a header has one value
  () => httpConnect('http://proxy.example.com', { Via: ['a', 'b'] }),
  // @ts-expect-error variables are read from an object of them
  () => proxyFromEnvironment('http://proxy.example.com'),
  // @ts-expect-error the connector is made by a call
  () => new FtpClient({ host: 'ftp.example.com', connector: socks }),
];
