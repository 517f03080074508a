import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CredentialSources, findCredentials } from '../../../lib/cli/session/credentials.js';
import type { FtpOptions } from '../../../lib/index.js';
import { endAfterEach } from '../../support/endings.js';

const endLater = endAfterEach();
afterEach(() => vi.unstubAllEnvs());

/** `.netrc` has this text. */
async function netrc(text: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rxftp-netrc-'));
  endLater(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'netrc'), text);
  vi.stubEnv('NETRC', join(directory, 'netrc'));
}

function find(url: Partial<FtpOptions>, sources: Partial<CredentialSources> = {}): ReturnType<typeof findCredentials> {
  return findCredentials({ host: 'h', ...url }, { user: undefined, environment: {}, ask: undefined, ...sources });
}

const RXFTP_PASSWORD = 'of the environment';
const ask = async (): Promise<string> => 'typed';

describe('the credentials', () => {
  it('come from the first place that has a password', async () => {
    await netrc('machine h login me password of-netrc');
    const environment = { RXFTP_PASSWORD };
    expect(await find({ user: 'me', password: 'of the URL' }, { environment, ask })).toEqual({
      user: 'me',
      password: 'of the URL',
    });
    expect(await find({}, { user: 'me:of:the option', environment, ask })).toEqual({
      user: 'me',
      password: 'of:the option',
    });
    expect(await find({ user: 'me' }, { environment, ask })).toEqual({ user: 'me', password: RXFTP_PASSWORD });
    expect(await find({ user: 'me' }, { ask })).toEqual({ user: 'me', password: 'of-netrc' });
    expect(await find({ user: 'you' }, { ask })).toEqual({ user: 'you', password: 'typed' });
    expect(await find({ user: 'you' })).toMatchObject({ user: 'you', password: undefined });
  });

  it('of nobody are those of .netrc, or none', async () => {
    await netrc('machine h login me password of-netrc\nmachine other login you');
    expect(await find({}, { environment: { RXFTP_PASSWORD }, ask })).toEqual({ user: 'me', password: 'of-netrc' });
    expect(await find({ host: 'other' }, { environment: { RXFTP_PASSWORD } })).toEqual({
      user: 'you',
      password: RXFTP_PASSWORD,
    });
    expect(await find({ host: 'third' }, { environment: { RXFTP_PASSWORD }, ask })).toEqual({});
  });

  it('of anonymous are never those of the environment, and nobody is asked', async () => {
    await netrc('');
    const found = await find({ user: 'anonymous' }, { environment: { RXFTP_PASSWORD }, ask });
    expect(found).toEqual({ user: 'anonymous', password: undefined });
  });

  it.each(['', ':secret'])('refuse --user %j', async (user) => {
    await expect(find({}, { user })).rejects.toThrow('takes a name');
  });

  it('refuse two users', async () => {
    await expect(find({ user: 'me' }, { user: 'you' })).rejects.toThrow('different users');
  });
});
