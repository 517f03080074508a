/** Whole clients through proxies: control and data, clear and TLS. */
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpUsageError } from '../../lib/index.js';
import { httpConnect, socks } from '../../lib/proxy/index.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { httpProxy } from './support/connect-script.js';
import { type ProxyScript, ScriptedProxy } from './support/scripted-proxy.js';
import { socks4, socks5 } from './support/socks-script.js';

const files = { '/a': 'hello', '/large': Buffer.alloc(300_000, 'x') };

interface Kind {
  readonly kind: string;
  readonly script: (names: Readonly<Record<string, string>>, onAsked: (asked: string) => void) => ProxyScript;
  readonly connector: (name: string) => ReturnType<typeof socks>;
}

const kinds: readonly Kind[] = [
  {
    kind: 'SOCKS5',
    script: (names, onAsked) => socks5({ names, onAsked }),
    connector: (name) => socks(`socks5h://${name}`),
  },
  {
    kind: 'SOCKS5, byte by byte, with a password',
    script: (names, onAsked) => socks5({ names, onAsked, slowly: true, login: ['me', 'p:w@1'] }),
    connector: (name) => socks(`socks5h://me:p%3Aw%401@${name}`),
  },
  {
    kind: 'SOCKS4a',
    script: (names, onAsked) => socks4({ names, onAsked, login: ['me', ''] }),
    connector: (name) => socks(`socks4a://me@${name}`),
  },
  {
    kind: 'CONNECT',
    script: (names, onAsked) =>
      httpProxy({ names, onAsked: (head) => onAsked(/^CONNECT (\S+)/.exec(head)?.[1] ?? '') }),
    connector: (name) => httpConnect(`http://${name}`),
  },
  {
    kind: 'CONNECT, byte by byte, with a password',
    script: (names) =>
      httpProxy({ names, slowly: true, authorization: `Basic ${Buffer.from('me:p:w@1').toString('base64')}` }),
    connector: (name) => httpConnect(`http://me:p%3Aw%401@${name}`),
  },
];

const NAME = 'ftp.example.invalid';

async function through({ script, connector }: Kind, serverOptions: ScriptedServerOptions = {}) {
  const server = await scriptedServer({ files, ...serverOptions });
  const asked: string[] = [];
  const proxy = await ScriptedProxy.start(
    script({ [NAME]: '127.0.0.1', localhost: '127.0.0.1' }, (each) => asked.push(each)),
  );
  const dispose = async (): Promise<void> => {
    await proxy[Symbol.asyncDispose]();
    await server.close();
  };
  return { server, proxy, asked, connector: connector(proxy.name), [Symbol.asyncDispose]: dispose };
}

async function work(ftp: FtpClient): Promise<unknown[]> {
  const text = (path: string) => lastValueFrom(ftp.retr$(path).pipe(collectBytes()));
  const first = Buffer.from(await text('/a')).toString();
  await lastValueFrom(ftp.stor$('/b', 'stored'));
  const large = await text('/large');
  const names = await lastValueFrom(ftp.entries$('/').pipe(toArray()));
  return [first, Buffer.from(await text('/b')).toString(), large.length, names.map(({ name }) => name).sort()];
}

const WORKED = ['hello', 'stored', 300_000, ['a', 'b', 'large']];

describe.each(kinds)('through $kind', (kind) => {
  it('control and data go to the server by its name, which the proxy resolves', async () => {
    await using at = await through(kind);
    await using ftp = new FtpClient({ host: NAME, port: at.server.port, connector: at.connector });
    expect(await work(ftp)).toEqual(WORKED);
    expect(new Set(at.asked.map((each) => each.split(':')[0]))).toEqual(new Set(at.asked.length > 0 ? [NAME] : []));
    expect(at.proxy.connections).toBe(6);
  });

  it.each(['explicit', 'implicit'] as const)('TLS is laid over both, and its session resumed: %s', async (mode) => {
    await using at = await through(kind, { tls: { mode, requireReuse: true } });
    const tls = { ca: at.server.tls?.authority.cert };
    await using ftp = new FtpClient({
      ...{ host: 'localhost', port: at.server.port, connector: at.connector },
      ...{ secure: mode, tls },
    });
    expect(await work(ftp)).toEqual(WORKED);
    expect(at.proxy.connections).toBe(6);
  });

  it('several sessions work at once', async () => {
    await using at = await through(kind);
    await using ftp = new FtpClient({ host: NAME, port: at.server.port, connector: at.connector, maxSessions: 3 });
    const all = await Promise.all([1, 2, 3, 4].map(() => lastValueFrom(ftp.retr$('/large').pipe(collectBytes()))));
    expect(all.map(({ length }) => length)).toEqual([300_000, 300_000, 300_000, 300_000]);
  });

  it('active mode is refused when the client is made, with nothing sent', async () => {
    await using at = await through(kind);
    const options = { host: NAME, port: at.server.port, connector: at.connector, mode: 'active' } as const;
    expect(() => new FtpClient(options)).toThrow(FtpUsageError);
    expect(() => new FtpClient(options)).toThrow(`the proxy ${at.proxy.name} makes connections to the server alone`);
    expect(at.proxy.connections).toBe(0);
  });
});
