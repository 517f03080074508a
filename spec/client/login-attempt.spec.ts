import { describe, expect, it } from 'vitest';
import { LoginAttempt } from '../../lib/client/login-attempt.js';
import { resolveOptions } from '../../lib/client/resolve-options.js';
import type { SessionSettings } from '../../lib/control/settings.js';

const { settings } = resolveOptions({ host: 'ftp.example.com' });

function attemptWith(password: SessionSettings['password']): LoginAttempt {
  return new LoginAttempt({ ...settings, password });
}

describe('an attempt to log in', () => {
  it.each<[string, SessionSettings['password']]>([
    ['given', () => 'secret'],
    ['asked for', () => Promise.resolve('secret')],
  ])('keeps the password that was %s, once it is used', async (_how, password) => {
    const attempt = attemptWith(password);
    expect(attempt.password).toBeUndefined();
    expect(await attempt.settings.password()).toBe('secret');
    expect(attempt.password).toBe('secret');
  });

  it('keeps none where none is given', async () => {
    const attempt = attemptWith(() => Promise.reject(new Error('no keyring')));
    await expect(attempt.settings.password()).rejects.toThrow('no keyring');
    expect(attempt.password).toBeUndefined();
  });

  it('has the other settings as they are', () => {
    const { password: _password, ...others } = settings;
    expect(attemptWith(() => '').settings).toMatchObject(others);
  });

  it('is given up with a reason', () => {
    const attempt = attemptWith(() => '');
    expect(attempt.signal.aborted).toBe(false);
    const reason = new Error('closed');
    attempt.abandon(reason);
    expect([attempt.signal.aborted, attempt.signal.reason]).toEqual([true, reason]);
  });
});
