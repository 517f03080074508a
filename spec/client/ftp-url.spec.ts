import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseFtpUrl } from '../../lib/client/ftp-url.js';
import { resolveOptions } from '../../lib/client/resolve-options.js';
import { FtpClient, type FtpOptions, FtpUsageError } from '../../lib/index.js';
import { overhear, secret } from '../support/canary.js';

const read: readonly (readonly [string, Partial<FtpOptions>])[] = [
  ['ftp://h.example', { host: 'h.example' }],
  ['ftp://h.example/', { host: 'h.example' }],
  ['FTP://H.Example/', { host: 'h.example' }],
  ['ftp://h.example:2121', { host: 'h.example', port: 2121 }],
  ['ftp://h.example:21/', { host: 'h.example' }],
  ['ftps://h.example', { host: 'h.example', secure: 'implicit' }],
  ['ftps://h.example:990', { host: 'h.example', secure: 'implicit', port: 990 }],
  ['ftpes://h.example:21', { host: 'h.example', secure: 'explicit', port: 21 }],
  ['ftp://ann@h.example', { host: 'h.example', user: 'ann' }],
  ['ftp://ann:pw@h.example', { host: 'h.example', user: 'ann', password: 'pw' }],
  ['ftp://ann:@h.example', { host: 'h.example', user: 'ann' }],
  ['ftp://a%40b.c:p%3A%2F%40%25@h.example', { host: 'h.example', user: 'a@b.c', password: 'p:/@%' }],
  ['ftp://a@b:pw@h.example', { host: 'h.example', user: 'a@b', password: 'pw' }],
  ['ftp://%C3%A9:%E2%82%AC@h.example', { host: 'h.example', user: 'é', password: '€' }],
  ['ftp://192.0.2.7/', { host: '192.0.2.7' }],
  ['ftp://[::1]:2121/', { host: '::1', port: 2121 }],
  ['ftp://[2001:db8::7]', { host: '2001:db8::7' }],
  ['ftps://[2001:db8::7]/', { host: '2001:db8::7', secure: 'implicit' }],
  ['ftp://h.example/pub', { host: 'h.example', directory: 'pub' }],
  ['ftp://h.example/pub/x/', { host: 'h.example', directory: 'pub/x/' }],
  ['ftp://h.example//pub', { host: 'h.example', directory: '/pub' }],
  ['ftp://h.example/%2Fpub', { host: 'h.example', directory: '/pub' }],
  ['ftp://h.example/a%20b/%C3%A9', { host: 'h.example', directory: 'a b/é' }],
  ['ftp://h.example/pub;type=i', { host: 'h.example', directory: 'pub', type: 'binary' }],
  ['ftp://h.example/pub;type=A', { host: 'h.example', directory: 'pub', type: 'ascii' }],
  ['ftp://h.example/;TYPE=a', { host: 'h.example', type: 'ascii' }],
  ['ftp://h.example/pub;type=d', { host: 'h.example', directory: 'pub' }],
  ['ftp://h.example/;type=d', { host: 'h.example' }],
  ['ftp://h.example/a;type=x/b', { host: 'h.example', directory: 'a;type=x/b' }],
  ['ftp://h.example/a%3Btype=x', { host: 'h.example', directory: 'a;type=x' }],
  ['ftp://h.example/a%3Btype=i', { host: 'h.example', directory: 'a;type=i' }],
  ['ftp://h.example/a?b', { host: 'h.example', directory: 'a?b' }],
  ['ftp://h.example/a%23b', { host: 'h.example', directory: 'a#b' }],
];

describe('FTP URLs (RFC 1738 section 3.2)', () => {
  it.each(read)('reads %s', (url, options) => {
    expect(parseFtpUrl(url)).toEqual(options);
    expect(parseFtpUrl(new URL(url))).toEqual(options);
  });

  it.each([
    'http://h.example/',
    'sftp://h.example/',
    'file:///etc/passwd',
    'h.example',
    'ftp:',
    'ftp://',
    '',
    'ftp://h.example:70000/',
    'ftp://h.example/a;type=x',
    'ftp://h.example/a;type=',
    'ftp://h.example/a;type=ascii',
    'ftp://h.example/a;type=i;type=x',
    'ftp://h.example;type=a',
    'ftps://h.example;type=a',
    'ftp://h.example%3Btype=a',
    'ftp://h.example/%zz',
    'ftp://h.example/%ff',
    'ftp://%ff@h.example/',
    'ftp://a:%ff@h.example/',
  ])('refuses %s', (url) => {
    expect(() => new FtpClient(url)).toThrow(FtpUsageError);
  });

  it('says of bytes in another charset where they belong', () => {
    expect(() => parseFtpUrl('ftp://h.example/%cf%f0')).toThrow(/path .* UTF-8.* option .* directory/);
    expect(parseFtpUrl('ftp://h.example/%d1%8f')).toMatchObject({ directory: 'я' });
  });

  it.each([
    '%0a',
    '%0d',
    '%0D%0A',
    '%00',
    'a%0aDELE%20b',
  ])('refuses %s wherever it stands (CVE-2018-1000120, T-24)', (evil) => {
    for (const url of [
      `ftp://h.example/${evil}`,
      `ftp://h.example/a/${evil}/b`,
      `ftp://${evil}@h.example/`,
      `ftp://ann:${evil}@h.example/`,
      `ftp://h.example/a;type=i${evil}`,
    ]) {
      expect(() => resolveOptions(url), url).toThrow(FtpUsageError);
    }
    expect(() => resolveOptions(`ftp://h${evil}.example/`)).toThrow(FtpUsageError);
  });

  it('decodes once: %250a is the text %0a, not a line feed', () => {
    expect(parseFtpUrl('ftp://h.example/%250a').directory).toBe('%0a');
    expect(resolveOptions('ftp://h.example/%250a').settings.directory).toBe('%0a');
  });

  it.each([
    (password: string) => `ftp://ann:${password}@:99999/`,
    (password: string) => `http://ann:${password}@h.example/`,
    (password: string) => `ftp://ann:${password}%0a@h.example/`,
    (password: string) => `ftp://ann:${password}%ff@h.example/`,
    (password: string) => `ftp://ann:${password}@h.example/%00`,
    (password: string) => `ftp ann:${password}`,
  ])('never shows the password (%#)', (make) => {
    const password = secret('s3cret-in-url');
    try {
      new FtpClient(make(password));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(FtpUsageError);
      overhear('the error', error);
      expect(inspect(error, { depth: 9 })).not.toContain(password);
    }
  });
});
