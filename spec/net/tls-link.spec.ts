/** The tickets that data connections resume, and whose certificate they must have; the sockets are made up. */
import { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TlsLink } from '../../lib/net/tls-link.js';

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
    const waitMs = 100;
    function uploading(): { control: TLSSocket; link: TlsLink; data: TLSSocket; end: () => string[] } {
      const control = socket('a');
      const link = new TlsLink(control, identity);
      const data = socket('a', true);
      const followed = link.follow(data);
      followed.faultOfPeer();
      const ended: string[] = [];
      const end = (): string[] => {
        link.takeSession();
        followed.beforeEnd(() => void ended.push('ended'), waitMs);
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
      vi.advanceTimersByTime(waitMs);
      expect(ended).toEqual(['ended']);
      const later: string[] = [];
      link.follow(socket('a', true)).beforeEnd(() => void later.push('ended'), waitMs);
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
