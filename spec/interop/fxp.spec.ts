/** Copies between two real servers: both called from one address, and each by the other from a foreign one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connectSocket, FtpClient, type FtpOptions, FtpReplyError, FtpUnsupportedError } from '../../lib/index.js';
import { fxp$ } from '../../lib/recipes/index.js';
import { endAfterEach } from '../support/endings.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer, ServerName } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();
const content = new Random(5).bytes(3_000_000);

/** What lets a server have data connections with others than its client. */
const allowing: Readonly<Record<string, readonly string[]>> = {
  vsftpd: ['port_promiscuous=YES', 'pasv_promiscuous=YES'],
  proftpd: ['AllowForeignAddress on'],
  'pure-ftpd': ['--allowuserfxp'],
};

interface Side {
  readonly server: RealServer;
  readonly ftp: FtpClient;
}

function start(name: ServerName, extra: readonly string[], options: Partial<FtpOptions> = {}): Promise<Side> {
  return startServer(name, { extra }).then((server) => open(server, options));
}

/** No server can resume a TLS session of another one. */
async function startTls(
  name: ServerName,
  extra: readonly string[],
  options: (server: RealServer) => Partial<FtpOptions>,
): Promise<Side> {
  const server = await startServer(name, { extra, tls: 'explicit', requireReuse: false });
  return open(server, options(server));
}

/** The client calls from 127.0.0.2: the other server, at 127.0.0.1, is a foreign address. */
function open(server: RealServer, options: Partial<FtpOptions>): Side {
  endLater(() => server.stop());
  const { host, port } = server;
  const ftp = new FtpClient({
    ...{ host, port, user: account.user, password: account.password, abortTimeoutMs: 4_000 },
    connector: (at) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: at.host, port: at.port, localAddress: '127.0.0.2' });
        socket.once('connect', () => resolve(socket)).once('error', reject);
      }),
    ...options,
  });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

const pairs: readonly [ServerName, ServerName][] = [
  ['vsftpd', 'proftpd'],
  ['proftpd', 'vsftpd'],
  ['proftpd', 'pure-ftpd'],
  ['pure-ftpd', 'vsftpd'],
];

describe.each(pairs)('from %s to %s', (from, to) => {
  describeServers([from], () => {
    it.each(['target', 'source'] as const)('copies a file while the %s listens', async (passive) => {
      const source = await start(from, allowing[from] ?? []);
      const target = await start(to, allowing[to] ?? []);
      writeFileSync(join(source.server.root, 'a'), content);
      const progress = await lastValueFrom(fxp$(source.ftp, '/a', target.ftp, '/b', { passive }).pipe(toArray()));
      expect(progress.map(({ bytes, done }) => [bytes, done])).toEqual([
        [0, false],
        [content.length, true],
      ]);
      expect(progress.at(-1)).toMatchObject({ path: '/b', verified: true, verifiedBy: 'size' });
      expect(readFileSync(join(target.server.root, 'b')).equals(content)).toBe(true);
      expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
      await lastValueFrom(target.ftp.dele$('/b'));
    });

    it.each(['target', 'source'] as const)('tells a refused file while the %s listens', async (passive) => {
      const source = await start(from, allowing[from] ?? []);
      const target = await start(to, allowing[to] ?? []);
      await expect(lastValueFrom(fxp$(source.ftp, '/none', target.ftp, '/b', { passive }))).rejects.toThrow(
        FtpReplyError,
      );
      writeFileSync(join(source.server.root, 'a'), content);
      const inNone = fxp$(source.ftp, '/a', target.ftp, '/none/b', { passive });
      await expect(lastValueFrom(inNone)).rejects.toThrow(FtpReplyError);
      expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
      await lastValueFrom(target.ftp.noop$());
    });
  });
});

/** ProFTPD lets others connect to its passive port; Pure-FTPd waits for its client. */
describe.each([
  ['vsftpd', ['target', 'source']],
  ['proftpd', ['target']],
  ['pyftpdlib', ['target', 'source']],
] as const)('%s as it comes', (name, passives) => {
  describeServers([name], () => {
    it.each(passives)('refuses as the source while the %s listens', async (passive) => {
      const source = await start(name, []);
      const target = await start('proftpd', allowing.proftpd ?? []);
      writeFileSync(join(source.server.root, 'a'), content);
      const refused = lastValueFrom(fxp$(source.ftp, '/a', target.ftp, '/b', { passive }));
      await expect(refused).rejects.toThrow(FtpUnsupportedError);
      expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
      await lastValueFrom(target.ftp.stor$('/c', 'fit'));
    });
  });
});

describeServers(['pure-ftpd'], () => {
  it('tells why where it leaves STOR without a reply', async () => {
    const source = await start('proftpd', allowing.proftpd ?? []);
    const target = await start('pure-ftpd', [], { replyTimeoutMs: 3_000 });
    writeFileSync(join(source.server.root, 'a'), content);
    const refused = lastValueFrom(fxp$(source.ftp, '/a', target.ftp, '/b'));
    await expect(refused).rejects.toThrow(/hosts other than/);
    expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
    await lastValueFrom(target.ftp.stor$('/c', 'fit'));
  });
});

describe('left under way', () => {
  it.each([
    ['proftpd', 'pyftpdlib'],
    ['proftpd', 'vsftpd'],
    ['vsftpd', 'proftpd'],
  ] as const)('from %s to %s, leaves both sessions fit', async (from, to) => {
    // Too much to be over before the abort.
    const large = Buffer.alloc(400_000_000, 7);
    // pyftpdlib closes a connection on which data comes before STOR.
    const passive = to === 'pyftpdlib' ? 'source' : 'target';
    const extra = to === 'pyftpdlib' ? [] : (allowing[to] ?? []);
    const source = await start(from, allowing[from] ?? []);
    const target = await start(to, extra, to === 'pyftpdlib' ? { connector: connectSocket } : {});
    writeFileSync(join(source.server.root, 'a'), large);
    await new Promise<void>((resolve, reject) => {
      fxp$(source.ftp, '/a', target.ftp, '/b', { passive })
        .pipe(take(1))
        .subscribe({ complete: resolve, error: reject });
    });
    expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(large.length);
    await lastValueFrom(target.ftp.stor$('/c', 'fit'));
    expect(await lastValueFrom(target.ftp.size$('/c'))).toBe(3);
  });
});

describeServers(['proftpd'], () => {
  const secure = (side: RealServer): Partial<FtpOptions> => ({ secure: 'explicit', tls: { ca: side.ca } });

  it.each(['target', 'source'] as const)('copies under TLS while the %s listens', async (passive) => {
    const extra = ['AllowForeignAddress on', 'TLSVerifyServer off'];
    const [source, target] = [await startTls('proftpd', extra, secure), await startTls('proftpd', extra, secure)];
    writeFileSync(join(source.server.root, 'a'), content);
    const last = await lastValueFrom(fxp$(source.ftp, '/a', target.ftp, '/b', { passive }));
    expect(last).toMatchObject({ bytes: content.length, verifiedBy: 'size' });
    expect(readFileSync(join(target.server.root, 'b')).equals(content)).toBe(true);
    // SSCN is taken back: a transfer with this client works.
    await lastValueFrom(target.ftp.stor$('/c', 'fit'));
    await lastValueFrom(source.ftp.stor$('/c', 'fit'));
  });

  it('refuses TLS where neither has SSCN', async () => {
    const source = await startTls('vsftpd', allowing.vsftpd ?? [], secure);
    const target = await startTls('pure-ftpd', allowing['pure-ftpd'] ?? [], secure);
    writeFileSync(join(source.server.root, 'a'), content);
    const refused = lastValueFrom(fxp$(source.ftp, '/a', target.ftp, '/b'));
    await expect(refused).rejects.toThrow(/Neither server has SSCN/);
    expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
  });
});
