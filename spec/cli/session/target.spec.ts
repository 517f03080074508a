import { describe, expect, it } from 'vitest';
import { filePath, lastName, readTarget, trimmed } from '../../../lib/cli/session/target.js';

describe('a URL', () => {
  it.each([
    ['ftp://h', { host: 'h' }, ''],
    ['ftp://me:a%3Ab@h:2121/a%20b/c', { host: 'h', port: 2121, user: 'me', password: 'a:b' }, 'a b/c'],
    ['ftpes://h//etc/', { host: 'h', secure: 'explicit' }, '/etc/'],
    ['FTPS://[::1]/', { host: '::1', secure: 'implicit' }, ''],
  ] as const)('%s', (url, options, path) => {
    expect(readTarget(url)).toEqual({ options, path });
  });

  it.each(['h/a', 'http://h/', 'sftp://h/', '/srv', '', 'ftp:h'])('is not %j, which is not shown', (url) => {
    expect(() => readTarget(url)).toThrow('begins with ftp://');
  });

  it.each(['ftp:///srv/a', 'ftps:////a', 'ftp://\\\\a'])('without a host is refused: %s', (url) => {
    expect(() => readTarget(url)).toThrow('The URL names no host');
  });

  it.each(['ftp://', 'ftp://me@/a', 'ftpes://:2121/a', 'ftpes:///a'])('is not complete: %s', (url) => {
    expect(() => readTarget(url)).toThrow(/names no host|not a URL/);
  });

  it('that is broken is not shown', () => {
    expect(() => readTarget('ftp://me:canary@h:port/')).toThrow(/^(?!.*canary)/);
  });
});

describe('a path', () => {
  it.each([
    ['a/b//', 'a/b', 'b'],
    ['/', '/', ''],
    ['a', 'a', 'a'],
    ['', '', ''],
  ])('%j', (path, short, last) => {
    expect([trimmed(path), lastName(path)]).toEqual([short, last]);
  });

  it('of a file is needed', () => {
    expect(filePath('a/')).toBe('a');
    expect(() => filePath('')).toThrow('names no file');
  });
});
