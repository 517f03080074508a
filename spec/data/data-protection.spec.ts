/** Checks the results of a handshake over a data connection, which the spec plays. */
import { PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataProtection } from '../../lib/data/data-protection.js';
import { FtpSecurityError } from '../../lib/errors.js';
import type { TlsLink } from '../../lib/net/tls-link.js';

let stream: TLSSocket;
let fault: FtpSecurityError | undefined;
let told: (string | Error)[];
let protection: DataProtection;

/** As much of a link as is asked of it; `told` says when. */
function linkTo(host: string): TlsLink {
  const followed = {
    faultOfPeer: () => {
      told.push('faults');
      return fault;
    },
    beforeEnd: (end: () => void, waitMs: number) => {
      told.push(`end in ${waitMs}`);
      end();
    },
  };
  const follow = (followedStream: TLSSocket) => {
    told.push(followedStream === stream ? 'follow' : 'follow another');
    return followed;
  };
  return { identity: { host, options: {} }, follow } as unknown as TlsLink;
}

function follow(): void {
  protection.follow(
    stream,
    () => told.push('secured'),
    (error) => told.push(error),
  );
}

function shakeHands(resumed = false): void {
  vi.spyOn(stream, 'isSessionReused').mockReturnValue(resumed);
  stream.emit('secureConnect');
}

beforeEach(() => {
  stream = new TLSSocket(new PassThrough());
  fault = undefined;
  told = [];
  protection = new DataProtection(linkTo('ftp.example.com'));
});

afterEach(() => {
  stream.destroy();
});

describe('a handshake', () => {
  it('is followed from before it is done', () => {
    follow();
    expect(told).toEqual(['follow']);
    expect([protection.secured, protection.resumed, protection.expectedAt]).toEqual([false, false, undefined]);
  });

  it.each([true, false])('that is done secures the connection; its session resumed: %s', (resumed) => {
    follow();
    shakeHands(resumed);
    expect(told).toEqual(['follow', 'faults', 'secured']);
    expect([protection.secured, protection.resumed]).toEqual([true, resumed]);
  });

  it('is done once', () => {
    follow();
    shakeHands();
    shakeHands();
    expect(told).toEqual(['follow', 'faults', 'secured']);
  });

  it('with another server secures nothing', () => {
    fault = new FtpSecurityError('Another server.');
    follow();
    shakeHands();
    expect(told).toEqual(['follow', 'faults', fault]);
    expect(protection.secured).toBe(false);
  });
});

describe('an error', () => {
  it('of the handshake says who has refused', () => {
    follow();
    stream.emit('error', Object.assign(new Error('bad certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }));
    expect(told).toMatchObject(['follow', { code: 'ERR_FTP_SECURITY' }]);
    expect(String(told[1])).toContain('TLS on the data connection to ftp.example.com was refused: bad certificate');
  });

  it('that breaks the handshake off is one of the connection', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    follow();
    stream.emit('error', cause);
    expect(told[1]).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'data', phase: 'tls', cause });
  });

  it('behind the handshake is told as it is, each time', () => {
    const errors = [new Error('reset'), new Error('again')];
    follow();
    shakeHands();
    for (const error of errors) stream.emit('error', error);
    expect(told.slice(3)).toEqual(errors);
    expect(told[3]).toBe(errors[0]);
  });

  it('behind a handshake with another server is one of the handshake', () => {
    fault = new FtpSecurityError('Another server.');
    follow();
    shakeHands();
    stream.emit('error', Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(told[3]).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'tls' });
  });
});

describe('the end', () => {
  const end = (): void => void told.push('end');

  it('comes at once where no handshake was begun', () => {
    protection.beforeEnd(end, 1_000);
    expect(told).toEqual(['end']);
  });

  it('waits for a ticket: for two round trips, and a little more', () => {
    follow();
    protection.beforeEnd(end, 40);
    expect(told).toEqual(['follow', 'end in 230', 'end']);
  });
});
