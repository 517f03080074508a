/** The wait for a password alone; spec/client/password-functions.spec.ts has the logins. */
import type { Subject } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askPassword } from '../../lib/control/ask-password.js';
import type { ControlChannel } from '../../lib/control/control-channel.js';
import type { Session } from '../../lib/control/session.js';
import { FtpTimeoutError } from '../../lib/errors.js';
import { channelOnWire, closing } from './support/wire.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

/** Asks for a password with 1000 ms to give it; `outcome` is the text, or the error. */
function asking(password: () => string | Promise<string>): { channel: ControlChannel; outcome: Promise<unknown> } {
  const { channel } = channelOnWire();
  const session = { channel, settings: { password, connectTimeoutMs: 1_000 } } as unknown as Session;
  return { channel, outcome: askPassword(session).catch((error: unknown) => error) };
}

/** The wait has left neither a timer nor a listener. */
function expectNothingLeft(channel: ControlChannel): void {
  expect([vi.getTimerCount(), (channel.closed$ as Subject<unknown>).observed]).toEqual([0, false]);
}

const fault = new Error('the vault is sealed');

describe('askPassword', () => {
  it.each<[string, () => string | Promise<string>, unknown]>([
    ['text', () => 'open', 'open'],
    ['no text at all', () => '', ''],
    ['a promise of text', async () => 'open', 'open'],
    ['a promise that rejects', () => Promise.reject(fault), fault],
    [
      'a function that throws',
      () => {
        throw fault;
      },
      fault,
    ],
  ])('passes on %s', async (_what, password, expected) => {
    const { channel, outcome } = asking(password);
    expect(await outcome).toBe(expected);
    expectNothingLeft(channel);
    channel.close(closing);
  });

  it('waits connectTimeoutMs and no longer; a password that comes later is ignored', async () => {
    let give: (password: string) => void = () => {};
    const late = new Promise<string>((resolve) => {
      give = resolve;
    });
    const { channel, outcome } = asking(() => late);
    vi.advanceTimersByTime(999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    const error = await outcome;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'login', afterMs: 1_000, outcome: 'none' });
    give('too late');
    await late;
    expectNothingLeft(channel);
    channel.close(closing);
  });

  it('ends with the connection, by its cause', async () => {
    const { channel, outcome } = asking(() => new Promise(() => {}));
    channel.close(closing);
    expect(await outcome).toBe(closing);
    expectNothingLeft(channel);
  });
});
