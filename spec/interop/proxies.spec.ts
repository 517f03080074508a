/**
 * Real FTP servers through real proxies, in clear text and over TLS with session reuse required: files, listings, and storms of
 * aborts, after each of which the next command must get its own answer.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpClient, FtpConnectionError, type FtpOptions } from '../../lib/index.js';
import type { Connector } from '../../lib/net/connector.js';
import { httpConnect, socks } from '../../lib/proxy/index.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { abortStorm } from '../support/abort-storm.js';
import { overhear, secret } from '../support/canary.js';
import { type InteropServer, optionsFor, startInterop } from '../support/interop/interop-server.js';
import { Random } from '../support/random.js';
import { isInstalled } from '../support/real-servers/installed.js';
import type { ServerName, ServerOptions } from '../support/real-servers/real-server.js';
import {
  isProxyInstalled,
  type ProxyName,
  type ProxyOptions,
  proxyNames,
  type RealProxy,
  startProxy,
} from '../support/real-servers/start-proxy.js';
import { ClientHost, SessionHost, type StormHost } from '../support/storm/storm-host.js';
import { plantStormTree, type StormTree } from '../support/storm/storm-tree.js';

const PASSWORD = 'hunter2hunter';
const login: ProxyOptions['login'] = { user: 'me', password: PASSWORD };
/** In small: the storms themselves are in abort-storm.spec.ts. */
const aborts = Math.ceil(Number(process.env.RXFTP_ABORTS ?? 200) / 10);

function connectorFor({ name, host, port }: RealProxy, credentials = `${login?.user}:${login?.password}@`): Connector {
  const at = `${credentials}${host.includes(':') ? `[${host}]` : host}:${port}`;
  return name === 'microsocks' ? socks(`socks5h://${at}`) : httpConnect(`http://${at}`);
}

/**
 * TLS 1.3 sends its tickets behind the handshake. microsocks reads nothing from the server while an upload comes, and closes at the end of
 * that with the tickets unread: a reset, which may overtake the last bytes (vsftpd's `426 Failure reading network stream`, once in 80).
 */
const servers: readonly (readonly [ServerName, ServerOptions, string])[] = [
  ['vsftpd', {}, 'in clear text'],
  ['vsftpd', { tls: 'explicit', tlsVersion: '1.2' }, 'explicit TLS'],
  ['proftpd', { tls: 'implicit' }, 'implicit TLS'],
];

const names: readonly ProxyName[] = proxyNames.filter(isProxyInstalled);

it('has its proxies, on CI', () => {
  if (process.env.CI) expect(names).toEqual(proxyNames);
  else if (names.length < proxyNames.length)
    console.warn('skipped: proxies. To install them: bash .ci/install-servers');
});

describe.each(names)('through %s', (name) => {
  let proxy: RealProxy;
  beforeAll(async () => {
    proxy = await startProxy(name, { login });
  });
  afterAll(() => proxy?.stop());

  describe.each(servers.filter(([server]) => isInstalled(server)))('%s %j', (serverName, serverOptions) => {
    let server: InteropServer;
    let tree: StormTree;
    beforeAll(async () => {
      server = await startInterop(serverName, { ...serverOptions, logCommands: false });
      tree = await plantStormTree(server);
    });
    afterAll(() => server?.stop());

    const options = (more: Partial<FtpOptions> = {}): FtpOptions =>
      optionsFor(server, { connector: connectorFor(proxy), ...more });

    it.each(['localhost', '127.0.0.1'])('moves files and lists directories by %s', async (host) => {
      await using ftp = new FtpClient(options({ host, family: 4, maxSessions: 2 }));
      const content = Buffer.alloc(700_000, 'rxftp ');
      const { home } = server;
      await lastValueFrom(ftp.stor$(join(home, 'stored'), content, { verify: 'size' }));
      expect(Buffer.compare(await readFile(join(server.root, 'stored')), content)).toBe(0);
      const read = await Promise.all(
        [1, 2, 3].map(() => lastValueFrom(ftp.retr$(join(home, 'stored')).pipe(collectBytes()))),
      );
      for (const bytes of read) expect(Buffer.compare(bytes, content)).toBe(0);
      const entries = await lastValueFrom(ftp.entries$(home).pipe(toArray()));
      expect(entries.map((entry) => entry.name)).toContain('stored');
      await lastValueFrom(ftp.dele$(join(home, 'stored')));
    });

    it.each<[string, (more: FtpOptions) => StormHost, number]>([
      ['a session', (more) => new SessionHost(more), aborts],
      ['a client, twice at once', (more) => new ClientHost(more), Math.ceil(aborts / 4)],
    ])(
      'stays in step after aborts: %s',
      async (_what, open, count) => {
        const random = new Random();
        const { seed } = random;
        const host = open(options());
        try {
          const one = () => abortStorm({ server, host, tree, random, aborts: count });
          const reports = await Promise.all(host instanceof ClientHost ? [one(), one()] : [one()]);
          console.log(
            `${name}, ${serverName}, seed ${seed}: ${reports.map(({ struck }) => struck)} struck; ${host.lost.length} lost`,
          );
          expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
          expect(host.lost).toEqual([]);
        } finally {
          await host.close();
        }
      },
      120_000,
    );
  });

  it.each([
    ['', 'no credentials'],
    ['me:wrong@', 'a wrong password'],
  ])('%j is refused: %s', async (credentials) => {
    const connector = connectorFor(proxy, credentials);
    await using ftp = new FtpClient({ host: '127.0.0.1', connector });
    const error = await lastValueFrom(ftp.noop$()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ phase: 'connect', transient: false });
    expect(String(error)).toContain(`through the proxy 127.0.0.1:${proxy.port}`);
  });

  it.each([
    ['a port that nobody listens at', '127.0.0.1', 1],
    ['a name that does not exist', 'ftp.example.invalid', 21],
  ])('%s is an error that may be over soon, with no secret', async (_what, host, port) => {
    secret(PASSWORD);
    await using ftp = new FtpClient({ host, port, connector: connectorFor(proxy) });
    const error = await lastValueFrom(ftp.noop$()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'connect', transient: true });
    overhear('the error', error);
  });
});

describe.each(names)('IPv6 through %s', (name) => {
  it.runIf(isInstalled('vsftpd'))('reaches the server, by a proxy that has IPv6 itself', async () => {
    const server = await startInterop('vsftpd', { bindAddress: '::1', logCommands: false });
    const proxy = await startProxy(name, { host: '::1' });
    try {
      await using ftp = new FtpClient(optionsFor(server, { connector: connectorFor(proxy, '') }));
      await lastValueFrom(ftp.stor$('a', 'hello'));
      expect(Buffer.from(await lastValueFrom(ftp.retr$('a').pipe(collectBytes()))).toString()).toBe('hello');
    } finally {
      await proxy.stop();
      await server.stop();
    }
  });
});
