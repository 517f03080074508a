/**
 * Data connections under TLS: the control connection's session on each of them, and how each ends.
 *
 * The scripted server says for every data connection whether it was resumed; with `requireReuse` it refuses what was not,
 * as vsftpd does.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it, type MockInstance, vi } from 'vitest';
import { type Connector, connectSocket, type FtpClient } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, resumption, secureClient } from './support/secure-client.js';

const files = { [names.file]: 'hello', '/empty': '' };
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const modes = ['explicit', 'implicit'] as const;

const retrieve = (ftp: FtpClient, path: string = names.file): Promise<Uint8Array[]> =>
  lastValueFrom(ftp.retr$(path).pipe(toArray()));

describe.each(modes)('%s', (mode) => {
  describe.each(versions)('%s', (version) => {
    const options = { minVersion: version, maxVersion: version };
    const tls = { mode, options, requireReuse: true };

    it('50 transfers in a row resume the session every time', async () => {
      await using server = await scriptedServer({ tls, files });
      await using ftp = secureClient(server);
      for (let n = 0; n < 10; n += 1) {
        await retrieve(ftp);
        await lastValueFrom(ftp.stor$('/up', `content ${n}`));
        await lastValueFrom(ftp.stor$('/none', ''));
        await lastValueFrom(ftp.list$('/').pipe(toArray()));
        await retrieve(ftp, '/empty');
      }
      expect(resumption(server)).toEqual({ secured: 50, resumed: 50 });
      expect(server.sessions).toHaveLength(1);
      expectNothingInClear(server);
    });

    it.each(['220 (vsFTPd 3.0.5)', '220 ready'])('records that come together are one chunk (%s)', async (greeting) => {
      const content = randomBytes(1024 * 1024);
      await using server = await scriptedServer({ greeting, tls, files: { '/big': content } });
      await using ftp = secureClient(server);
      const chunks: Uint8Array[] = [];
      for await (const chunk of ftp.retr$('/big')) chunks.push(chunk);
      expect(content.equals(Buffer.concat(chunks))).toBe(true);
      expect(chunks.length).toBeLessThan(content.length / (16 * 1024));
    });

    it('8 sessions in parallel have a session each', async () => {
      await using server = await scriptedServer({ tls, files });
      await using ftp = secureClient(server, { maxSessions: 8 });
      const transfers = Array.from({ length: 32 }, (_, n) =>
        n % 2 === 0 ? retrieve(ftp) : lastValueFrom(ftp.stor$(`/up-${n}`, 'sent')),
      );
      await Promise.all(transfers);
      expect(resumption(server)).toEqual({ secured: 32, resumed: 32 });
      expect(server.sessions).toHaveLength(8);
    });

    it('active mode resumes it as well', async () => {
      await using server = await scriptedServer({ tls, files });
      await using ftp = secureClient(server, { mode: 'active' });
      await retrieve(ftp);
      await lastValueFrom(ftp.stor$('/up', 'sent'));
      await lastValueFrom(ftp.stor$('/none', ''));
      expect(resumption(server)).toEqual({ secured: 3, resumed: 3 });
      expect(server.journal.of('data-opened').every(({ active }) => active)).toBe(true);
    });

    it.each(['passive', 'active'] as const)('IPv6 resumes it as well (%s)', async (dataMode) => {
      await using server = await scriptedServer({ tls, files, host: '::1' });
      await using ftp = secureClient(server, { mode: dataMode });
      await retrieve(ftp);
      await lastValueFrom(ftp.stor$('/up', 'sent'));
      expect(resumption(server)).toEqual({ secured: 2, resumed: 2 });
    });

    it('a host name is the same on both connections', async () => {
      await using server = await scriptedServer({ tls, files });
      await using ftp = secureClient(server, { host: 'localhost', family: 4 });
      await retrieve(ftp);
      expect(server.journal.of('secured').map(({ servername }) => servername)).toEqual(['localhost']);
      expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
      // A TLS 1.2 server that resumes does not say what name it was asked for.
      const [data] = server.journal.of('data-secured');
      expect(data?.servername).toBe(version === 'TLSv1.3' ? 'localhost' : undefined);
    });

    it('a new control connection brings a session of its own', async () => {
      await using server = await scriptedServer({ tls, files });
      await using ftp = secureClient(server);
      await retrieve(ftp);
      await server.sessions[0]?.closeControl('fin');
      await server.event('control-closed');
      await retrieve(ftp);
      expect(resumption(server)).toEqual({ secured: 2, resumed: 2 });
      expect(server.journal.of('secured').map(({ resumed }) => resumed)).toEqual([false, false]);
    });

    it('aborted transfers leave a session to resume', async () => {
      await using server = await scriptedServer({ tls, files: { ...files, '/big': randomBytes(4 << 20) } });
      await using ftp = secureClient(server);
      for (let n = 1; n <= 5; n += 1) {
        using download = observe(ftp.retr$('/big'));
        await download.nth(1);
        download.unsubscribe();
        await retrieve(ftp);
      }
      const { secured, resumed } = resumption(server);
      expect(resumed).toBe(secured);
      expect(server.sessions).toHaveLength(1);
    });

    it('an upload says close_notify and FIN, and waits for the final reply with the socket open', async () => {
      await using server = await scriptedServer({ tls, files });
      const content = randomBytes(300_000);
      let whole = false;
      server.on('STOR', async (session) => {
        void session.reply('150 Go.');
        const { bytes, outcome } = await session.receiveData();
        // `end` comes only after close_notify or FIN; a destroyed connection is `broken`.
        whole = outcome === 'done' && content.equals(bytes);
        await session.reply('226 Done.');
      });
      await using ftp = secureClient(server);
      await lastValueFrom(ftp.stor$('/up', content));
      expect(whole).toBe(true);
      const closed = await server.event('data-closed');
      expect(closed.reset).toBe(false);
      const final = server.journal.of('reply').find(({ text }) => text === '226 Done.');
      const ended = server.journal.of('data-ended')[0];
      expect(ended?.seq).toBeLessThan(final?.seq ?? 0);
    });

    it('an aborted upload is reset: no close_notify calls the rest of it a file', async () => {
      await using server = await scriptedServer({ tls, files });
      const resets: MockInstance[] = [];
      const connector: Connector = async (endpoint, signal) => {
        const socket = (await connectSocket(endpoint, signal)) as Socket;
        if (endpoint.channel === 'data') resets.push(vi.spyOn(socket, 'resetAndDestroy'));
        return socket;
      };
      await using ftp = secureClient(server, { connector });
      const upload = observe(ftp.stor$('/up', endless()));
      await upload.nth(1);
      upload.unsubscribe();
      await lastValueFrom(ftp.noop$());
      // What libuv makes of a reset behind unread data is a plain end: the server cannot be asked.
      expect(resets.map((reset) => reset.mock.calls.length)).toEqual([1]);
      expect(server.commands).toContain('ABOR');
    });

    it('a handshake that stalls is bounded, and the session survives it', async () => {
      await using server = await scriptedServer({ tls, files });
      server.once('RETR', async (session) => {
        await session.reply('150 Here it comes.');
        await session.rawData();
        await server.event('command', { where: ({ verb }) => verb === 'ABOR' });
        session.link?.reset();
        await session.reply('426 Never mind.');
      });
      await using ftp = secureClient(server, { connectTimeoutMs: 300, abortTimeoutMs: 10_000 });
      const failure = await observe(ftp.retr$(names.file)).failed;
      expect(failure).toMatchObject({ code: 'ERR_FTP_TIMEOUT', afterMs: 300 });
      await retrieve(ftp);
      expect(server.sessions).toHaveLength(1);
    });
  });
});

async function* endless(): AsyncGenerator<Uint8Array, undefined> {
  for (;;) {
    yield new Uint8Array(1 << 16);
    await new Promise(setImmediate);
  }
}

describe('whoever says 150 when', () => {
  const transfers = async (server: ScriptedServer): Promise<void> => {
    await using ftp = secureClient(server);
    await retrieve(ftp);
    await retrieve(ftp);
    expect(resumption(server)).toEqual({ secured: 2, resumed: 2 });
  };

  it('before the handshake (vsftpd, ProFTPD, Pure-FTPd, pyftpdlib): the ClientHello waits for it', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', requireReuse: true }, files });
    await transfers(server);
  });

  it('after the handshake (ftp-srv): the ClientHello goes after a while, and then at once', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', requireReuse: true }, files });
    server.on('RETR', async (session) => {
      await session.data();
      void session.reply('150 After all.');
      await session.sendData('hello');
      await session.reply('226 Done.');
    });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await transfers(server);
    // The grace of a second is waited for once in the session.
    const graces = timers.mock.calls.filter(([, ms]) => ms === 1000);
    timers.mockRestore();
    expect(graces).toHaveLength(1);
  });
});
