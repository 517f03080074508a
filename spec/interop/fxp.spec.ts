/** Copies between two real servers: both called from one address, and each by the other from a foreign one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpOptions, FtpReplyError, FtpUnsupportedError } from '../../lib/index.js';
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
  'pure-ftpd': ['--allowfxp'],
};

interface Side {
  readonly server: RealServer;
  readonly ftp: FtpClient;
}

/** The client calls from 127.0.0.2: the other server, at 127.0.0.1, is a foreign address. */
async function start(name: ServerName, extra: readonly string[], options: Partial<FtpOptions> = {}): Promise<Side> {
  const server = await startServer(name, { extra });
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
      const progress = await lastValueFrom(
        fxp$(source.ftp, '/a', target.ftp, '/b', { passive }).pipe(toArray()),
      );
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
      await expect(
        lastValueFrom(fxp$(source.ftp, '/none', target.ftp, '/b', { passive })),
      ).rejects.toThrow(FtpReplyError);
      writeFileSync(join(source.server.root, 'a'), content);
      const inNone = fxp$(source.ftp, '/a', target.ftp, '/none/b', { passive });
      await expect(lastValueFrom(inNone)).rejects.toThrow(FtpReplyError);
      expect(await lastValueFrom(source.ftp.size$('/a'))).toBe(content.length);
      await lastValueFrom(target.ftp.noop$());
    });
  });
});

describe.each(['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'] as const)('%s as it comes', (name) => {
  describeServers([name], () => {
    it.each(['source', 'target'] as const)('refuses as the %s', async (role) => {
      const strict = await start(name, []);
      const open = await start('proftpd', allowing.proftpd ?? []);
      const [source, target] = role === 'source' ? [strict, open] : [open, strict];
      writeFileSync(join(source.server.root, 'a'), content);
      for (const passive of ['target', 'source'] as const) {
        const refused = lastValueFrom(fxp$(source.ftp, '/a', target.ftp, '/b', { passive }));
        const error = await refused.catch((reason: unknown) => reason);
        console.log(name, role, passive, String(error));
        expect(error).toBeInstanceOf(FtpUnsupportedError);
        await lastValueFrom(source.ftp.noop$());
        await lastValueFrom(target.ftp.noop$());
      }
    });
  });
});
