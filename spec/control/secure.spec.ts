/** The rules of a protected session, without a server; spec/tls has the handshakes and CCC. */
import { Duplex, PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import {
  clearControl,
  notClearable,
  protectionCommands,
  requireProtection,
  secureControl,
} from '../../lib/control/secure.js';
import type { Session } from '../../lib/control/session.js';
import { FtpConnectionError, FtpSecurityError, FtpTimeoutError, FtpUsageError } from '../../lib/errors.js';
import { Canceller } from '../../lib/net/cancellation.js';
import { ClearableSocket } from '../../lib/net/clearable-socket.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from '../data/support/fake-session.js';
import { channelOnWire, closing, Wire } from './support/wire.js';

type Protection = 'private' | 'clear';

const final = (code: number): FinalReply => ({
  outcome: code < 400 ? 'completion' : 'refusal',
  reply: createReply(code, ['Said.']),
});

function session(secure: false | 'explicit' | 'implicit', dataProtection: Protection = 'private'): FakeSession {
  const made = new FakeSession();
  Object.assign(made.settings, { secure, dataProtection });
  return made;
}

describe('protectionCommands', () => {
  it.each([
    [false, 'private', []],
    ['explicit', 'private', ['PBSZ 0', 'PROT P']],
    ['implicit', 'private', ['PBSZ 0', 'PROT P']],
    ['explicit', 'clear', ['PBSZ 0', 'PROT C']],
  ] as const)('with secure: %s, dataProtection: %s are %j', (secure, protection, lines) => {
    expect(protectionCommands(session(secure, protection).real).map(({ line }) => line)).toEqual(lines);
  });

  it('are without PBSZ on a server that refused it', () => {
    const at = session('explicit');
    at.learned.doWithout('PBSZ');
    expect(protectionCommands(at.real).map(({ line }) => line)).toEqual(['PROT P']);
  });
});

describe('requireProtection', () => {
  it.each<[string, Protection, readonly (FinalReply | undefined)[], readonly string[]]>([
    ['both are granted', 'private', [final(200), final(200)], []],
    ['PBSZ is refused', 'private', [final(500), final(200)], ['PROT alone for PBSZ']],
    ['PROT C is refused', 'clear', [final(200), final(500)], []],
    ['PROT C has no answer', 'clear', [final(200), undefined], []],
    ['PROT alone is granted', 'private', [final(200)], []],
    ['nothing was asked for', 'private', [], []],
  ])('is content where %s', (_what, protection, finals, told) => {
    const at = session('explicit', protection);
    requireProtection(at.real, finals);
    expect(at.told).toEqual(told);
  });

  it.each<[string, readonly (FinalReply | undefined)[], string]>([
    ['PROT P is refused', [final(200), final(534)], '534 Said.'],
    ['PROT P alone is refused', [final(536)], '536 Said.'],
    ['PROT P has no answer', [final(200), undefined], 'do not show whether it was done'],
  ])('throws where %s', (_what, finals, said) => {
    const check = expect(() => requireProtection(session('explicit').real, finals));
    check.toThrow(FtpSecurityError);
    check.toThrow(said);
  });
});

describe('clearControl', () => {
  it('sends nothing on a session whose TLS cannot be taken off', async () => {
    const at = session('explicit');
    await expect(clearControl(at.real)).rejects.toThrow(FtpUsageError);
    await expect(clearControl(at.real)).rejects.toThrow(notClearable().message);
    expect(at.told).toEqual([]);
  });

  /** CCC on a session whose TLS is `tls`; resolves with what its channel goes on with. */
  async function clearedOf(raw: Duplex, tls: Duplex): Promise<Duplex | undefined> {
    let cleared: Duplex | undefined;
    const replaceSocket = async (wrap: (socket: Duplex) => Promise<Duplex>): Promise<void> => {
      cleared = await wrap(tls);
    };
    const at = {
      tls: { clearable: new ClearableSocket(raw) },
      channel: { replaceSocket },
      request: async () => final(200),
    };
    await clearControl(at as unknown as Session);
    return cleared;
  }

  it('goes on with the connection itself when both have said goodbye', async () => {
    const [raw, tls] = [new Wire(), new PassThrough()];
    expect(await clearedOf(raw, tls)).toBe(raw);
    raw.destroy();
  });

  it('drops a goodbye that comes after its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [raw, tls] = [new Wire(), new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })];
    const clearing = clearedOf(raw, tls);
    await vi.advanceTimersByTimeAsync(150);
    const cleared = await clearing;
    const text = new Promise((resolve) => void cleared?.once('data', resolve));
    raw.emit('data', Buffer.from([21, 3, 3, 0, 2, 1, 0]));
    raw.emit('data', Buffer.from('200 ok\r\n'));
    expect(String(await text)).toBe('200 ok\r\n');
    cleared?.destroy();
    tls.destroy();
    expect(raw.destroyed).toBe(true);
  });
});

describe('secureControl', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  /** A handshake with a server that is silent, which may take 1000 ms. */
  function shaking(secure: 'explicit' | 'implicit', allowCcc = false) {
    const { wire, channel } = channelOnWire();
    const settings = { host: 'ftp.example', tls: {}, connectTimeoutMs: 1_000, allowCcc, secure };
    const told: unknown[] = [];
    const note = (event: unknown): void => void told.push(event);
    const signal = new Canceller();
    const at = { channel, settings, learn: note, tell: note } as unknown as Session;
    const outcome = secureControl(at, signal).catch((error: unknown) => error);
    return { wire, channel, told, signal, outcome };
  }

  it.each([
    ['explicit', false, false],
    ['explicit', true, false],
    ['implicit', false, true],
  ] as const)('is given up in time (%s, allowCcc: %s), with advice for an implicit port: %s', async (secure, ccc, advised) => {
    const { wire, channel, told, outcome } = shaking(secure, ccc);
    vi.advanceTimersByTime(1_000);
    const error = await outcome;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'connect', afterMs: 1_000, outcome: 'unknown' });
    expect(String(error).includes('speak TLS from the first byte')).toBe(advised);
    expect([wire.destroyed, told]).toEqual([true, []]);
    channel.close(closing);
  });

  it('ends with the connection, and with its signal', async () => {
    const [lost, left] = [shaking('explicit'), shaking('explicit')];
    lost.wire.destroy();
    expect(await lost.outcome).toBeInstanceOf(FtpConnectionError);
    left.signal.abort(new Error('left'));
    expect(String(await left.outcome)).toContain('left');
    expect(left.wire.destroyed).toBe(true);
    for (const { channel } of [lost, left]) channel.close(closing);
  });
});
