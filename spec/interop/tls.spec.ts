/**
 * FTPS against real servers, with both TLS versions, explicit and implicit. vsftpd and ProFTPD run as they come: they
 * refuse a data connection that does not resume the control connection's session.
 *
 * Node asks `tls.checkServerIdentity` at every full handshake and at no resumed one, so that counting its calls counts
 * the data connections that were not resumed, on every server.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpOptions } from '../../lib/index.js';
import { endAfterEach } from '../support/endings.js';
import {
  describeInterop,
  type InteropName,
  type InteropServer,
  namesFor,
  optionsFor,
  startInterop,
} from '../support/interop/interop-server.js';
import { abilities } from '../support/real-servers/installed.js';
import type { ServerOptions } from '../support/real-servers/real-server.js';
import { singleUseTickets } from '../tls/support/single-use.js';

const endLater = endAfterEach();

interface Handshakes {
  full: number;
}

interface Lab {
  readonly server: InteropServer;
  /** A client that trusts the server's authority, closed after the spec. */
  client(more?: Partial<FtpOptions>): FtpClient;
  /** Full handshakes of all clients. */
  readonly handshakes: Handshakes;
}

async function start(name: InteropName, options: ServerOptions): Promise<Lab> {
  const server = await startInterop(name, options);
  endLater(() => server.stop());
  const handshakes = { full: 0 };
  const client = (more: Partial<FtpOptions> = {}): FtpClient => {
    const base = optionsFor(server, more);
    const count = (host: string, certificate: PeerCertificate): Error | undefined => {
      handshakes.full += 1;
      return checkServerIdentity(host, certificate);
    };
    // Node 22.23's own check knows no IPv6 addresses; the library's does.
    const counting = isIP(server.host) === 6 ? {} : { checkServerIdentity: count };
    const ftp = new FtpClient({ ...base, tls: { ...base.tls, ...counting } });
    endLater(() => ftp[Symbol.asyncDispose]());
    return ftp;
  };
  return { server, client, handshakes };
}

async function digestOf(ftp: FtpClient, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of ftp.retr$(path)) hash.update(chunk);
  return hash.digest('hex');
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const all = <T>(source: Observable<T>): Promise<T[]> => lastValueFrom(source.pipe(toArray()));

/** Up, down, listed, and empty: each its own data connection. */
async function moveEverything(ftp: FtpClient, { root }: InteropServer, directory = 'moved'): Promise<void> {
  const bytes = Buffer.alloc(700_001, 'every byte counts ');
  await lastValueFrom(ftp.mkd$(directory));
  await lastValueFrom(ftp.stor$(`${directory}/whole`, bytes));
  expect(sha256(await readFile(join(root, directory, 'whole')))).toBe(sha256(bytes));
  expect(await digestOf(ftp, `${directory}/whole`)).toBe(sha256(bytes));
  await lastValueFrom(ftp.stor$(`${directory}/empty`, new Uint8Array()));
  expect(await readFile(join(root, directory, 'empty'))).toHaveLength(0);
  expect(await digestOf(ftp, `${directory}/empty`)).toBe(sha256(new Uint8Array()));
  await lastValueFrom(ftp.appe$(`${directory}/whole`, 'more'));
  expect(await readFile(join(root, directory, 'whole'))).toHaveLength(bytes.length + 4);
  const names = (await all(ftp.entries$(directory))).map(({ name }) => name);
  expect(names.toSorted()).toEqual(['empty', 'whole']);
}

const modes = ['explicit', 'implicit'] as const;
const versions = ['1.2', '1.3'] as const;

describe.each(modes)('%s TLS', (tls) => {
  describeInterop(namesFor({ tls }), (name) => {
    const able = name === 'ftp-srv' ? undefined : abilities[name];

    describe.each(name === 'ftp-srv' ? ([undefined] as const) : versions)('version %s', (tlsVersion) => {
      const options: ServerOptions = { tls, ...(tlsVersion === undefined ? {} : { tlsVersion }) };
      // Pure-FTPd issues no TLS 1.3 tickets, and ftp-srv makes a TLS context for each data connection.
      const resumes = name !== 'ftp-srv' && !(name === 'pure-ftpd' && tlsVersion === '1.3');

      it('moves files and listings', async () => {
        const { server, client } = await start(name, options);
        await moveEverything(client(), server);
      });

      // ftp-srv connects and listens for the client's greeting too late, now and then.
      if (name !== 'ftp-srv')
        it('moves them in active mode', async () => {
          const { server, client } = await start(name, options);
          await moveEverything(client({ mode: 'active' }), server);
        });

      if (name !== 'ftp-srv')
        it('moves them over IPv6', async () => {
          const { server, client } = await start(name, { ...options, bindAddress: '::1' });
          await moveEverything(client(), server);
          await moveEverything(client({ mode: 'active' }), server, 'moved again');
        });

      it(`moves 50 files in a row, ${resumes ? 'every' : 'no'} data connection resumed`, async () => {
        const { server, client, handshakes } = await start(name, { ...options, logCommands: false });
        const ftp = client();
        for (let n = 0; n < 25; n += 1) {
          await lastValueFrom(ftp.stor$(`file-${n}`, `content ${n}`));
          expect(await digestOf(ftp, `file-${n}`)).toBe(sha256(Buffer.from(`content ${n}`)));
        }
        expect(await readFile(join(server.root, 'file-24'), 'utf8')).toBe('content 24');
        expect(handshakes.full).toBe(resumes ? 1 : 51);
      });

      // ProFTPD gives no new ticket when it resumes: its first ones are good as often as one likes.
      if (resumes && tlsVersion === '1.3' && name !== 'proftpd')
        it('brings the next ticket with each data connection: none is ever used twice', async () => {
          const { server, client } = await start(name, options);
          await using once = await singleUseTickets();
          const ftp = client({ connector: once.relay.connector });
          await moveEverything(ftp, server);
          for (let n = 0; n < 10; n += 1) {
            await lastValueFrom(ftp.stor$('again', `${n}`));
            expect(await digestOf(ftp, 'again')).toBe(sha256(Buffer.from(`${n}`)));
          }
          expect(once.offered.length).toBeGreaterThan(20);
        });

      it('moves 8 files at once, each session with its own TLS session', async () => {
        const { server, client, handshakes } = await start(name, { ...options, logCommands: false });
        const bytes = Buffer.alloc(300_000, 'parallel ');
        const files = Array.from({ length: 8 }, (_, n) => `file-${n}`);
        const ftp = client({ maxSessions: 8 });
        await Promise.all(files.map((path) => lastValueFrom(ftp.stor$(path, bytes))));
        for (const path of files) expect(sha256(await readFile(join(server.root, path)))).toBe(sha256(bytes));
        // The first sessions may have done it all before the last one is open: ProFTPD sleeps after a session's end.
        await expect.poll(() => handshakes.full, { timeout: 10_000 }).toBe(resumes ? 8 : 8 + 8);
        for (let round = 0; round < 3; round += 1) {
          const digests = await Promise.all(files.map((path) => digestOf(ftp, path)));
          expect(new Set(digests)).toEqual(new Set([sha256(bytes)]));
        }
        expect(handshakes.full).toBe(resumes ? 8 : 8 + 4 * 8);
      });
    });

    if (able?.clientCertificates === true)
      it('shows a client certificate on both connections', async () => {
        const { server, client } = await start(name, { tls, requireClientCertificate: true });
        await moveEverything(client(), server);
      });

    it('is closed and opened again with the same policy', async () => {
      const { server, client, handshakes } = await start(name, { tls });
      await mkdir(join(server.root, 'here'));
      await writeFile(join(server.root, 'here', 'a.txt'), 'hello');
      await server.adopt();
      for (let n = 0; n < 3; n += 1) {
        await using ftp = client({ directory: 'here' });
        expect(await digestOf(ftp, 'a.txt')).toBe(sha256(Buffer.from('hello')));
      }
      expect(handshakes.full).toBeGreaterThanOrEqual(3);
    });
  });
});
