/**
 * TLS sessions that run out: tickets that are good for one use (FileZilla Server), and servers that accept a session no
 * longer.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { lastValueFrom, toArray } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FtpClient, isFtpError } from '../../lib/index.js';
import { TlsLink } from '../../lib/net/tls-link.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, resumption, secureClient } from './support/secure-client.js';
import { singleUseTickets } from './support/single-use.js';

const files = { [names.file]: 'hello' };
const onlyTls13 = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

const retrieve = (ftp: FtpClient): Promise<Uint8Array[]> => lastValueFrom(ftp.retr$(names.file).pipe(toArray()));

describe('TLS 1.3 tickets that are good for one use', () => {
  // A node server gives two tickets and no new one when it resumes; the interop specs have servers that do.
  it('are used once each, and an aborted transfer does not use up the last one', async () => {
    await using server = await scriptedServer({
      tls: { mode: 'explicit', options: onlyTls13, requireReuse: true },
      files: { ...files, '/big': randomBytes(4 << 20) },
    });
    await using once = await singleUseTickets();
    await using ftp = secureClient(server, { connector: once.relay.connector });
    using download = observe(ftp.retr$('/big'));
    await download.nth(1);
    download.unsubscribe();
    await retrieve(ftp);
    expect(new Set(once.offered).size).toBe(2);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('the tickets of one control connection', () => {
  /** As much of a TLS socket as a link asks of it. */
  const socket = (fingerprint: string, resumed = false): TLSSocket =>
    Object.assign(new EventEmitter(), {
      getPeerCertificate: () => ({ fingerprint256: fingerprint }),
      getSession: () => Buffer.from('the control session'),
      isSessionReused: () => resumed,
      getProtocol: () => 'TLSv1.3',
    }) as unknown as TLSSocket;
  const identity = { host: 'ftp.example', options: {} };
  const next = (link: TlsLink): string | undefined => link.takeSession()?.toString();
  const ticket = (from: TLSSocket, text: string): boolean => from.emit('session', Buffer.from(text));

  it('are offered newest first, none twice while there is another, the last one for ever', () => {
    const control = socket('a');
    const link = new TlsLink(control, identity);
    expect(next(link)).toBe('the control session');
    ticket(control, 'one');
    ticket(control, 'two');
    expect([next(link), next(link), next(link)]).toEqual(['two', 'one', 'one']);
    const data = socket('a', true);
    const { faultOfPeer } = link.follow(data);
    expect(faultOfPeer()).toBeUndefined();
    ticket(data, 'three');
    expect([next(link), next(link)]).toEqual(['three', 'three']);
  });

  it('do not come from a connection that was refused, before or after', () => {
    const link = new TlsLink(socket('a'), identity);
    const impostor = socket('b');
    const { faultOfPeer } = link.follow(impostor);
    ticket(impostor, 'early');
    expect(faultOfPeer()).toMatchObject({ code: 'ERR_FTP_SECURITY' });
    ticket(impostor, 'late');
    expect(next(link)).toBe('the control session');
  });

  it('do not come from a connection whose handshake failed', () => {
    const link = new TlsLink(socket('a'), identity);
    const failed = socket('a');
    link.follow(failed);
    ticket(failed, 'early');
    expect(next(link)).toBe('the control session');
  });

  describe('and the end of an upload, behind which no ticket is read', () => {
    const patience = 100;
    function uploading(): { control: TLSSocket; link: TlsLink; data: TLSSocket; end: () => string[] } {
      const control = socket('a');
      const link = new TlsLink(control, identity);
      const data = socket('a', true);
      const followed = link.follow(data);
      followed.faultOfPeer();
      const ended: string[] = [];
      const end = (): string[] => {
        link.takeSession();
        followed.beforeEnd(() => void ended.push('ended'), patience);
        return ended;
      };
      return { control, link, data, end };
    }
    beforeEach(() => {
      vi.useFakeTimers();
    });

    it('waits for the ticket when the last one is in use', () => {
      const { control, data, link, end } = uploading();
      ticket(control, 'one');
      const ended = end();
      expect(ended).toEqual([]);
      ticket(data, 'two');
      // Not inside the event: OpenSSL is still reading then.
      expect(ended).toEqual([]);
      vi.runAllTimers();
      expect(ended).toEqual(['ended']);
      expect(next(link)).toBe('two');
    });

    it('does not wait while there are others, nor for a second one', () => {
      const { control, data, end } = uploading();
      ticket(control, 'one');
      ticket(data, 'two');
      expect(end()).toEqual(['ended']);
    });

    it('waits once in vain, and never again', () => {
      const { control, link, end } = uploading();
      ticket(control, 'one');
      const ended = end();
      vi.advanceTimersByTime(patience);
      expect(ended).toEqual(['ended']);
      const later: string[] = [];
      link.follow(socket('a', true)).beforeEnd(() => void later.push('ended'), patience);
      expect(later).toEqual(['ended']);
    });

    it('is not waited for any more when the connection is gone', () => {
      const { control, data, end } = uploading();
      ticket(control, 'one');
      const ended = end();
      data.emit('close');
      expect(vi.getTimerCount()).toBe(0);
      expect(ended).toEqual([]);
    });
  });

  it('are not kept without end', () => {
    const control = socket('a');
    const link = new TlsLink(control, identity);
    for (let n = 1; n <= 100; n += 1) ticket(control, String(n));
    const offered = Array.from({ length: 20 }, () => next(link));
    expect(offered.slice(0, 9)).toEqual(['100', '99', '98', '97', '96', '95', '94', '93', '93']);
  });
});

describe.each(versions)('%s: a session that the server accepts no longer', (version) => {
  const options = { minVersion: version, maxVersion: version };

  /** From now on data connections know no older session. */
  function forget(server: ScriptedServer): void {
    Object.assign(server.dataTls ?? {}, { ticketKeys: randomBytes(48) });
    // A new control connection is to share the new keys.
    Object.assign(server.controlTls ?? {}, { ticketKeys: (server.dataTls as { ticketKeys: Buffer }).ticketKeys });
  }

  it('is an error that says what to do, and the next operation gets a new one (522, vsftpd)', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', options, requireReuse: true }, files });
    await using ftp = secureClient(server);
    await retrieve(ftp);
    forget(server);
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(isFtpError(error) && error.reply?.code).toBe(522);
    expect(String(error)).toMatch(/wants the TLS session of the control connection resumed/);
    expect(String(error)).toMatch(/next operation/);
    await retrieve(ftp);
    await retrieve(ftp);
    expect(server.sessions).toHaveLength(2);
    expect(resumption(server)).toEqual({ secured: 4, resumed: 3 });
    expectNothingInClear(server);
  });

  it.each([
    '425 Unable to build data connection: Operation not permitted',
    '522 Session reuse required',
  ])('whether the server hangs up or not, before or after its 150 (%s)', async (refusal) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', options }, files });
    await using ftp = secureClient(server);
    await retrieve(ftp);
    for (const preliminary of [[], ['150 Here it comes.']]) {
      forget(server);
      server.once('RETR', async (session) => {
        for (const text of preliminary) await session.reply(text);
        await session.data();
        session.link?.reset();
        await session.reply(refusal);
      });
      const sessions = server.sessions.length;
      const error = await observe(ftp.retr$(names.file)).failed;
      expect(isFtpError(error) && error.reply?.code).toBe(Number(refusal.slice(0, 3)));
      expect(String(error)).toMatch(/TLS session/);
      await retrieve(ftp);
      expect(server.sessions).toHaveLength(sessions + 1);
    }
  });
});
