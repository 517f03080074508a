/** publish$ to real servers: a tree with awkward names, published, published again, and refused. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpClient, type FtpOptions, FtpReplyError } from '../../lib/index.js';
import { local, type PublishEvent, publish$, remote } from '../../lib/recipes/index.js';
import { endAfterEach } from '../support/endings.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer, ServerName } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();
const random = new Random(19);
const FILES: Readonly<Record<string, Uint8Array>> = {
  'index.html': random.bytes(2_000),
  'a b/ü [1].txt': random.bytes(10),
  'a b/-l': random.bytes(70_000),
  'deep/er/and/er/empty': new Uint8Array(),
  '.htaccess': random.bytes(30),
};
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rxftp-publish-'));
  for (const [path, bytes] of Object.entries(FILES)) put(directory, path, bytes);
  mkdirSync(join(directory, 'no files'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function put(root: string, path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
}

/** Paths, with the contents of files. */
function treeOf(root: string): Record<string, string> {
  const paths = (readdirSync(root, { recursive: true }) as string[]).sort();
  const isFile = (path: string): boolean => statSync(join(root, path)).isFile();
  return Object.fromEntries(
    paths.map((path) => [path, isFile(path) ? readFileSync(join(root, path)).toString('base64') : 'directory']),
  );
}

async function start(
  name: ServerName,
  tls: false | 'explicit' = false,
): Promise<{ server: RealServer; ftp: FtpClient }> {
  const server = await startServer(name, { tls });
  endLater(() => server.stop());
  const { host, port } = server;
  const secure: Partial<FtpOptions> = tls === false ? {} : { secure: 'explicit', tls: { ca: server.ca } };
  const ftp = new FtpClient({ host, port, user: account.user, password: account.password, maxSessions: 3, ...secure });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

const publish = ({ server, ftp }: { server: RealServer; ftp: FtpClient }, keep?: number): Promise<PublishEvent[]> => {
  const path = `${server.home === '/' ? '' : server.home}/site`;
  return lastValueFrom(publish$(local(directory), remote(ftp, path), { keep }).pipe(toArray()));
};

async function playPublications(name: ServerName, tls: false | 'explicit'): Promise<void> {
  const side = await start(name, tls);
  const { root } = side.server;
  await publish(side);
  expect(treeOf(join(root, 'site'))).toEqual(treeOf(directory));
  put(root, 'site/old only', new Uint8Array(3));
  await side.server.adopt();
  const before = treeOf(join(root, 'site'));
  await publish(side);
  expect(treeOf(join(root, 'site'))).toEqual(treeOf(directory));
  const [old = ''] = readdirSync(root).filter((entry) => entry !== 'site');
  expect(treeOf(join(root, old))).toEqual(before);
  await publish(side, 0);
  expect(readdirSync(root)).toEqual(['site']);
}

describe('published twice', () => {
  describeServers(['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib', 'inetutils'], (name) => {
    it('is the new tree each time, and the old one is kept', () => playPublications(name, false));
  });

  describe('under TLS', () => {
    describeServers(['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'], (name) => {
      it('is the new tree each time, and the old one is kept', () => playPublications(name, 'explicit'));
    });
  });
});

describeServers(['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib', 'inetutils'], (name) => {
  it('is refused before an upload where the parent cannot be written, and names mirror$', async () => {
    const side = await start(name);
    put(side.server.root, 'site/index.html', new Uint8Array(1));
    await side.server.adopt();
    chmodSync(side.server.root, 0o555);
    const error = await publish(side).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(String(error)).toContain('mirror$');
    expect(readdirSync(side.server.root)).toEqual(['site']);
  });
});
