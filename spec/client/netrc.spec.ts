import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { netrcCredentials } from '../../lib/index.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rxftp-netrc-'));
});
afterAll(() => rm(directory, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

async function netrc(text: string): Promise<string> {
  const file = join(directory, '.netrc');
  await writeFile(file, text);
  return file;
}

describe('netrcCredentials', () => {
  it.each([
    ['one line', 'machine h login ann password pw account acc', { user: 'ann', password: 'pw', account: 'acc' }],
    ['several lines', 'machine h\n\tlogin ann\n\tpassword pw\n', { user: 'ann', password: 'pw' }],
    ['CRLF', 'machine h\r\nlogin ann\r\npassword pw\r\n', { user: 'ann', password: 'pw' }],
    ['the first of two', 'machine h login a\nmachine h login b', { user: 'a' }],
    ['user for login', 'machine h user ann', { user: 'ann' }],
    ['another machine before', 'machine x login no password no\nmachine h login ann', { user: 'ann' }],
    ['host names in any case', 'machine H login ann', { user: 'ann' }],
    ['the default entry', 'machine x login no\ndefault login any password guest', { user: 'any', password: 'guest' }],
    ['its machine before the default', 'default login any\nmachine h login ann', { user: 'ann' }],
    ['quotes, with escapes', 'machine h login "a b" password "q\\"\\\\w"', { user: 'a b', password: 'q"\\w' }],
    ['comments', '# machine h login no\nmachine h # login no\nlogin ann', { user: 'ann' }],
    [
      'comments between fields',
      'machine h\n# login no\nlogin ann #pw: password no\n#\npassword pw',
      { user: 'ann', password: 'pw' },
    ],
    ['no comment where a value stands', 'machine h login ann password #secret', { user: 'ann', password: '#secret' }],
    ['a quoted # likewise', 'machine h login "#a" password "#s c"', { user: '#a', password: '#s c' }],
    ['a machine behind such a password', 'machine x password #a\nmachine h login ann', { user: 'ann' }],
    ['a macro at the end', 'machine h login ann\nmacdef init\npassword no', { user: 'ann' }],
    ['a macro with CRLF', 'macdef init\r\nmachine h login no\r\n\r\nmachine h login ann', { user: 'ann' }],
    ['a macro in between', 'macdef init\ncd /x\nmachine h login no\n\nmachine h login ann', { user: 'ann' }],
    ['a machine called machine', 'machine x password machine\nmachine h login ann', { user: 'ann' }],
    ['unknown words', 'machine h login ann port 21', { user: 'ann' }],
    ['a word that every object has', 'machine h login ann constructor x', { user: 'ann' }],
    ['a value that is missing', 'machine h login', {}],
    ['no entry', 'machine x login no', {}],
    ['an empty file', '', {}],
  ])('reads %s', async (_name, text, credentials) => {
    expect(await netrcCredentials('h', await netrc(text))).toEqual(credentials);
  });

  it('keeps a # that is part of a password', async () => {
    expect(await netrcCredentials('h', await netrc('machine h login ann password p#w'))).toEqual({
      user: 'ann',
      password: 'p#w',
    });
  });

  it('looks where NETRC says, else in the home directory', async () => {
    vi.stubEnv('NETRC', await netrc('machine h login ann'));
    expect(await netrcCredentials('h')).toEqual({ user: 'ann' });
    vi.stubEnv('NETRC', undefined);
    vi.stubEnv('HOME', directory);
    vi.stubEnv('USERPROFILE', directory);
    expect(await netrcCredentials('h')).toEqual({ user: 'ann' });
  });

  it('is empty when there is no file, and rejects when it cannot be read', async () => {
    expect(await netrcCredentials('h', join(directory, 'missing'))).toEqual({});
    await expect(netrcCredentials('h', directory)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('reads a hostile file in linear time (T-13)', async () => {
    const quotes = '"'.repeat(400_000);
    const file = await netrc(`machine h login ${quotes}\n${'# "\n'.repeat(200_000)}macdef ${'x\n'.repeat(500_000)}\\"`);
    // In more than linear time this would not end within the spec's own time limit.
    expect(await netrcCredentials('elsewhere', file)).toEqual({});
  });
});
