import { describe, expect, it } from 'vitest';
import { isExcepted } from '../../lib/proxy/no-proxy.js';

describe('NO_PROXY', () => {
  it.each<[string, string, boolean]>([
    ['', 'ftp.example', false],
    [' , ,', 'ftp.example', false],
    ['*', 'ftp.example', true],
    ['other.example, *', 'ftp.example', true],
    ['ftp.example', 'ftp.example', true],
    ['FTP.example', 'ftp.EXAMPLE', true],
    ['ftp.example.', 'ftp.example', true],
    ['ftp.example', 'ftp.example.', true],
    ['example', 'ftp.example', true],
    ['.example', 'ftp.example', true],
    ['*.example', 'ftp.example', true],
    ['.ftp.example', 'ftp.example', true],
    ['tp.example', 'ftp.example', false],
    ['ftp.example', 'example', false],
    ['a.example ftp.example\tb.example', 'ftp.example', true],
    ['a.example,ftp.example', 'ftp.example', true],
    ['ftp.example:21', 'ftp.example', true],
    ['ftp.example:2121', 'ftp.example', false],
    ['example:21', 'ftp.example', true],
    ['*:21', 'ftp.example', false],
    ['.', 'ftp.example', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7:21', '192.0.2.7', true],
    ['192.0.2.7:22', '192.0.2.7', false],
    ['2.7', '192.0.2.7', false],
    ['192.0.2.0/24', '192.0.2.7', true],
    ['192.0.2.0/24:21', '192.0.2.7', true],
    ['192.0.2.0/24:22', '192.0.2.7', false],
    ['192.0.3.0/24', '192.0.2.7', false],
    ['192.0.2.0/24', 'ftp.example', false],
    ['::1', '::1', true],
    ['0:0:0:0:0:0:0:1', '::1', true],
    ['[::1]', '::1', true],
    ['[::1]:21', '::1', true],
    ['[::1]:22', '::1', false],
    ['2001:db8::/32', '2001:db8::7', true],
    ['192.0.2.7', '::ffff:192.0.2.7', true],
    ['localhost', '127.0.0.1', false],
    ['(.*)', 'ftp.example', false],
  ])('%j excepts %s: %s', (list, host, expected) => {
    expect(isExcepted(list, { host, port: 21 })).toBe(expected);
  });
});
