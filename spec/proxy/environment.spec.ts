import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpUsageError } from '../../lib/index.js';
import { connectSocket } from '../../lib/net/connector.js';
import { routeOf } from '../../lib/net/route.js';
import { proxyFromEnvironment } from '../../lib/proxy/environment.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { overhear, secret } from '../support/canary.js';
import { scriptedServer } from '../support/scripted-server.js';
import { endpoint, rejection } from './support/parts.js';
import { ScriptedProxy } from './support/scripted-proxy.js';
import { socks5 } from './support/socks-script.js';

const ftp = { host: 'ftp.example', port: 21 };
const proxyFor = (environment: Readonly<Record<string, string | undefined>>, to = ftp): string | undefined =>
  routeOf(proxyFromEnvironment(environment), to).proxy;

describe('proxyFromEnvironment', () => {
  it.each<[Readonly<Record<string, string | undefined>>, string | undefined]>([
    [{}, undefined],
    [{ ALL_PROXY: '' }, undefined],
    [{ ALL_PROXY: ' ', all_proxy: undefined }, undefined],
    [{ http_proxy: 'http://p', HTTP_PROXY: 'http://p', ftp_proxy: 'http://p', https_proxy: 'http://p' }, undefined],
    [{ ALL_PROXY: 'socks5h://p:9050' }, 'p:9050'],
    [{ ALL_PROXY: 'socks5://p' }, 'p:1080'],
    [{ ALL_PROXY: 'http://p' }, 'p:80'],
    [{ ALL_PROXY: 'https://p' }, 'p:443'],
    [{ ALL_PROXY: 'p:3128' }, 'p:3128'],
    [{ ALL_PROXY: 'me:secret@p:3128' }, 'p:3128'],
    [{ all_proxy: 'lower:1', ALL_PROXY: 'upper:1' }, 'lower:1'],
    [{ all_proxy: '', ALL_PROXY: 'upper:1' }, 'upper:1'],
    [{ ALL_PROXY: 'p:1', NO_PROXY: 'example' }, undefined],
    [{ ALL_PROXY: 'p:1', NO_PROXY: '*' }, undefined],
    [{ ALL_PROXY: 'p:1', NO_PROXY: 'other.example' }, 'p:1'],
    [{ ALL_PROXY: 'p:1', NO_PROXY: 'ftp.example:2121' }, 'p:1'],
    [{ ALL_PROXY: 'p:1', no_proxy: 'other', NO_PROXY: '*' }, 'p:1'],
  ])('%j leads through %s', (environment, proxy) => {
    expect(proxyFor(environment)).toBe(proxy);
  });

  it('is the default connector where there is no proxy, or none for this server', () => {
    expect(proxyFromEnvironment({})).toBe(connectSocket);
    const connector = proxyFromEnvironment({ ALL_PROXY: 'p:1', NO_PROXY: 'ftp.example' });
    expect(routeOf(connector, ftp)).toEqual({ connector: connectSocket });
  });

  it('reads the environment of the process, when it is called', () => {
    const before = process.env.all_proxy;
    process.env.all_proxy = 'socks5h://from-the-process:7';
    try {
      const connector = proxyFromEnvironment();
      process.env.all_proxy = 'other:1';
      expect(routeOf(connector, ftp).proxy).toBe('from-the-process:7');
    } finally {
      if (before === undefined) delete process.env.all_proxy;
      else process.env.all_proxy = before;
    }
  });

  it.each([
    [{ ALL_PROXY: 'ftp://me:hunter2@p' }, /^The variable ALL_PROXY must begin with socks5h:, .*https:\.$/],
    [{ all_proxy: 'http://me:hunter2@' }, /^The variable all_proxy must be a URL/],
    [{ ALL_PROXY: 'socks4://me:hunter2@p' }, /SOCKS4 has a user and no password/],
  ])('tells the variable that is wrong, and not what it says', (environment, message) => {
    secret('hunter2');
    let error: unknown;
    try {
      proxyFromEnvironment(environment);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FtpUsageError);
    expect((error as Error).message).toMatch(message);
    overhear('the error', error);
  });

  it('takes the data connections where the control connection goes, though they go to an address', async () => {
    await using server = await scriptedServer({ files: { '/a': 'hello' } });
    await using proxy = await ScriptedProxy.start(socks5());
    const options = { host: 'localhost', port: server.port, family: 4 } as const;
    const ALL_PROXY = `socks5://${proxy.name}`;
    const read = async (NO_PROXY: string): Promise<[string, number]> => {
      const connector = proxyFromEnvironment({ ALL_PROXY, NO_PROXY });
      await using client = new FtpClient({ ...options, connector });
      const bytes = await lastValueFrom(client.retr$('/a').pipe(collectBytes()));
      return [Buffer.from(bytes).toString(), proxy.connections];
    };
    // The name is excepted and its address is not.
    expect(await read('localhost')).toEqual(['hello', 0]);
    // The address is excepted and the name is not.
    expect(await read('127.0.0.0/8')).toEqual(['hello', 2]);
  });

  it('lets a client whose server is excepted use active mode', async () => {
    await using server = await scriptedServer({ files: { '/a': 'hello' } });
    const connector = proxyFromEnvironment({ ALL_PROXY: 'socks5h://127.0.0.2:1', NO_PROXY: '127.0.0.1' });
    const { host, port } = server;
    await using client = new FtpClient({ host, port, connector, mode: 'active' });
    expect(Buffer.from(await lastValueFrom(client.retr$('/a').pipe(collectBytes()))).toString()).toBe('hello');
    expect(() => new FtpClient({ host: 'ftp.example', connector, mode: 'active' })).toThrow(/through a proxy/);
  });

  it('chooses by each endpoint as a plain connector, inside of one of the user', async () => {
    await using server = await scriptedServer();
    const connector = proxyFromEnvironment({ ALL_PROXY: 'socks5h://127.0.0.2:1', NO_PROXY: server.host });
    const { signal } = new AbortController();
    const socket = await connector({ ...endpoint, host: server.host, port: server.port }, signal);
    (socket as Awaited<ReturnType<typeof connectSocket>>).destroy();
    expect(await rejection(connector(endpoint, signal))).toMatchObject({ phase: 'connect' });
  });
});
