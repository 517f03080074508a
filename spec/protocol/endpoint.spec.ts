import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpUsageError } from '../../lib/errors.js';
import { formatEprt, formatPort, parseEpsv, parsePasv } from '../../lib/protocol/endpoint.js';

describe('parsePasv', () => {
  it.each([
    ['Entering Passive Mode (127,0,0,1,4,210).', '127.0.0.1', 1234],
    ['Entering Passive Mode 127,0,0,1,4,210', '127.0.0.1', 1234],
    ['=127,0,0,1,4,210', '127.0.0.1', 1234],
    ['Entering Passive Mode (10, 0 , 0,5, 255,255)', '10.0.0.5', 65_535],
    ['Multi-line 1,2\nEntering (192,168,0,1,0,1)', '192.168.0.1', 1],
    ['(0,0,0,0,4,210)', '0.0.0.0', 1234],
    ['(010,0,0,1,4,210)', '10.0.0.1', 1234],
  ])('reads %j', (text, host, port) => {
    expect(parsePasv(text)).toEqual({ host, port });
  });

  it.each([
    ['nothing', ''],
    ['five numbers', '(127,0,0,1,4)'],
    ['an octet over 255', '(256,0,0,1,4,210)'],
    ['a port octet over 255', '(127,0,0,1,256,1)'],
    ['a signed octet', '(-64,168,0,1,4,5)'],
    ['a signed port octet', '(127,0,0,1,4,-46)'],
    ['port 0', '(127,0,0,1,0,0)'],
    ['a huge number', '(127,0,0,1,4,99999999999999999999)'],
    ['letters within', '(127,0,x,1,4,5)'],
  ])('refuses %s', (_title, text) => {
    expect(() => parsePasv(text)).toThrow(FtpProtocolError);
  });

  it('gives octets and a port in range for any six numbers, or refuses (CVE-2020-8284, CVE-2021-4189, CVE-2021-37533)', () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer());
    fc.assert(
      fc.property(fc.array(number, { minLength: 6, maxLength: 6 }), (numbers) => {
        const valid = numbers.every((n) => n >= 0 && n <= 255) && (numbers[4] !== 0 || numbers[5] !== 0);
        if (!valid) {
          expect(() => parsePasv(`(${numbers.join(',')})`)).toThrow(FtpProtocolError);
          return;
        }
        const port = (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0);
        expect(parsePasv(`(${numbers.join(',')})`)).toEqual({ host: numbers.slice(0, 4).join('.'), port });
      }),
    );
  });
});

describe('parseEpsv', () => {
  it.each([
    ['Entering Extended Passive Mode (|||6446|)', 6446],
    ['Entering Extended Passive Mode (|||6446|).', 6446],
    ['EPSV OK |||6446|', 6446],
    ['(!!!6446!)', 6446],
    ['Entering - now: (!!!1!)', 1],
    ['(|||65535|)', 65_535],
    ['(|1|132.235.1.2|6275|)', 6275],
    ['(|2|1080::8:800:200C:417A|5282|)', 5282],
    ['($$$80$)', 80],
    ['(zzz80z)', 80],
    ['((((80()', 80],
    ['first line\nsecond (|||21|)', 21],
  ])('reads %j', (text, port) => {
    expect(parseEpsv(text)).toBe(port);
  });

  it.each([
    '',
    'OK',
    '(|||0|)',
    '(|||65536|)',
    '(||| 80|)',
    '(|||+80|)',
    '(|||8e1|)',
    '(|||0x50|)',
    '(||80|)',
    '(|||80',
    '(|||80x|)',
    'zzz80z',
    '(   80 )',
    '(|||99999999999999999999|)',
    '(127,0,0,1,4,210)',
  ])('refuses %j', (text) => {
    expect(() => parseEpsv(text)).toThrow(FtpProtocolError);
  });

  it('reads its own notation with any delimiter of RFC 2428 that is no digit', () => {
    const delimiter = fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(delimiter, fc.integer({ min: 1, max: 65_535 }), (d, port) => {
        fc.pre(!/\d/.test(d));
        expect(parseEpsv(`Entering (${d}${d}${d}${port}${d})`)).toBe(port);
      }),
    );
  });
});

describe('both', () => {
  it.each([
    ['numbers that are never six', '1,1,1,1,1;'.repeat(6553)],
    ['commas', ','.repeat(1_048_576)],
    ['digits', '1'.repeat(1_048_576)],
    ['spaces', `1${' '.repeat(1_048_575)}`],
    ['delimiters', '|'.repeat(1_048_576)],
    ['parentheses', '('.repeat(1_048_576)],
  ])('refuse 1 MiB of %s in no time', (_title, text) => {
    // In more than linear time this would not end within the spec's own time limit.
    expect(() => parsePasv(text)).toThrow(FtpProtocolError);
    expect(() => parseEpsv(text)).toThrow(FtpProtocolError);
  });
});

describe('formatPort and formatEprt', () => {
  it.each([
    ['127.0.0.1', 1234, '127,0,0,1,4,210', '|1|127.0.0.1|1234|'],
    ['::ffff:10.0.0.5', 65_535, '10,0,0,5,255,255', '|1|10.0.0.5|65535|'],
    ['::FFFF:10.0.0.5', 1, '10,0,0,5,0,1', '|1|10.0.0.5|1|'],
  ])('writes %s port %i', (host, port, portArgument, eprtArgument) => {
    expect(formatPort({ host, port })).toBe(portArgument);
    expect(formatEprt({ host, port })).toBe(eprtArgument);
    expect(parsePasv(portArgument).port).toBe(port);
    expect(parseEpsv(eprtArgument)).toBe(port);
  });

  it.each([
    ['::1', '|2|::1|21|'],
    ['2001:db8::1', '|2|2001:db8::1|21|'],
    ['fe80::1%eth0', '|2|fe80::1|21|'],
    ['64:ff9b::192.0.2.1', '|2|64:ff9b::192.0.2.1|21|'],
  ])('writes %s for EPRT alone', (host, argument) => {
    expect(formatEprt({ host, port: 21 })).toBe(argument);
    expect(() => formatPort({ host, port: 21 })).toThrow(FtpUsageError);
  });

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    '1.2.3.4|',
    'a|b:c',
    '1.2.3.4\r\n',
    '::1\r\nDELE x',
    '1.2.3.-4',
  ])('refuse the host %j', (host) => {
    expect(() => formatPort({ host, port: 21 })).toThrow(FtpUsageError);
    expect(() => formatEprt({ host, port: 21 })).toThrow(FtpUsageError);
  });

  it.each([0, -1, 65_536, 1.5, Number.NaN])('refuse the port %d', (port) => {
    expect(() => formatPort({ host: '127.0.0.1', port })).toThrow(FtpUsageError);
    expect(() => formatEprt({ host: '::1', port })).toThrow(FtpUsageError);
  });
});
