import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { asciiHost, authorityOf, parseProxyUrl } from '../../lib/proxy/proxy-server.js';
import { secret } from '../support/canary.js';

const schemes = { socks5h: 1080, http: 80, https: 443 };
const parse = (url: string | URL) => parseProxyUrl(url, schemes, 'It');

describe("a proxy's URL", () => {
  it.each([
    ['socks5h://proxy.example', { scheme: 'socks5h', host: 'proxy.example', port: 1080, user: '', password: '' }],
    ['http://proxy.example/', { host: 'proxy.example', port: 80, name: 'proxy.example:80' }],
    ['http://proxy.example:3128', { port: 3128 }],
    ['https://proxy.example:443', { port: 443 }],
    ['HTTP://192.0.2.1', { scheme: 'http', host: '192.0.2.1' }],
    ['socks5h://[2001:db8::1]:9050', { host: '2001:db8::1', port: 9050, name: '[2001:db8::1]:9050' }],
    ['http://[::1]', { host: '::1', name: '[::1]:80' }],
    ['socks5h://me:p%3Aw%40%2F1@h', { user: 'me', password: 'p:w@/1', name: 'h:1080' }],
    ['socks5h://d%C3%A9@h', { user: 'dé', password: '' }],
    ['http://:only@h', { user: '', password: 'only' }],
    ['socks5h://bücher.example', { host: 'xn--bcher-kva.example' }],
    ['http://bücher.example', { host: 'xn--bcher-kva.example' }],
  ])('%s is understood', (url, expected) => {
    expect(parse(url)).toMatchObject(expected);
    expect(parse(new URL(url))).toEqual(parse(url));
  });

  it.each<[string, RegExp]>([
    ['', /must be a URL/],
    ['proxy.example', /must be a URL/],
    ['http://', /must be a URL/],
    ['socks5h://h:99999', /must be a URL/],
    ['http://user:hunter2@h:99999', /must be a URL/],
    ['ftp://user:hunter2@h', /must begin with socks5h:, http:, https:\./],
    ['constructor://user:hunter2@h', /must begin with/],
    ['socks5h:', /must name a host/],
    ['socks5h:///path', /must name a host/],
    ['http://user:hunter2@h/path', /has no path/],
    ['http://user:hunter2@h?query', /has no path/],
    ['http://user:hunter2@h#hash', /has no path/],
    ['http://user:hunter2%@h', /write it as %25/],
    ['http://user%E0:hunter2@h', /write it as %25/],
    ['http://user:hunter2%0D%0A@h', /no CR, LF and NUL/],
    ['socks5h://%00:hunter2@h', /no CR, LF and NUL/],
    ['socks5h://user:hunter2@a%20b', /no domain name/],
  ])('%s is refused, and not shown', (url, message) => {
    secret('hunter2');
    let error: unknown;
    try {
      parse(url);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FtpUsageError);
    expect((error as Error).message).toMatch(message);
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('hunter2');
  });
});

describe('a host, as a proxy is told it', () => {
  it.each([
    ['ftp.example', 'ftp.example'],
    ['under_score.example', 'under_score.example'],
    ['FTP.Example', 'FTP.Example'],
    ['::1', '::1'],
    ['192.0.2.1', '192.0.2.1'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s is %s', (host, ascii) => {
    expect(asciiHost(host)).toBe(ascii);
  });

  it.each(['', 'a b', 'a/b', 'a:1', '[::1', 'a?b', 'a@b', 'a\tb'])('%j is refused', (host) => {
    expect(() => asciiHost(host)).toThrow(FtpUsageError);
  });

  it('stands with its port, an IPv6 address in brackets', () => {
    expect(authorityOf({ host: 'a', port: 1 })).toBe('a:1');
    expect(authorityOf({ host: '::1', port: 1 })).toBe('[::1]:1');
  });
});
