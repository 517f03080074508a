import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpUsageError } from '../../lib/errors.js';
import { formatTimestamp, parseTimestamp } from '../../lib/protocol/timestamp.js';

describe('parseTimestamp', () => {
  it.each([
    ['20241120110506', '2024-11-20T11:05:06.000Z'],
    ['20241120110506.7', '2024-11-20T11:05:06.700Z'],
    ['20241120110506.123456789', '2024-11-20T11:05:06.123Z'],
    [' 20241120110506 ', '2024-11-20T11:05:06.000Z'],
    ['20240229000000', '2024-02-29T00:00:00.000Z'],
    ['20000229000000', '2000-02-29T00:00:00.000Z'],
    ['19700101000000', '1970-01-01T00:00:00.000Z'],
    ['16010101000000', '1601-01-01T00:00:00.000Z'],
    ['00010101000000', '0001-01-01T00:00:00.000Z'],
    ['99991231235959', '9999-12-31T23:59:59.000Z'],
    ['20161231235960', '2017-01-01T00:00:00.000Z'],
    ['191000102030405', '2000-01-02T03:04:05.000Z'],
    ['191240102030405.5', '2024-01-02T03:04:05.500Z'],
  ])('reads %j', (text, iso) => {
    expect(parseTimestamp(text).toISOString()).toBe(iso);
  });

  it.each([
    '',
    'garbage',
    '2024112011050',
    '2024112011050612',
    '202411201105061',
    '020241120110506',
    '20240230000000',
    '20230229000000',
    '19000229000000',
    '20240431000000',
    '20240001000000',
    '20241301000000',
    '20240100000000',
    '20240132000000',
    '20240101240000',
    '20240101006000',
    '20240101000061',
    '00000101000000',
    '20241120110506.',
    '20241120110506.1234567890',
    '20241120110506.-1',
    '2024112011050x',
    '202411201105 6',
    '+2024112011050',
    '19x000102030405',
    '.5',
  ])('refuses %j', (text) => {
    expect(() => parseTimestamp(text)).toThrow(FtpProtocolError);
  });

  it('refuses a long text quickly', () => {
    for (const text of ['1'.repeat(1 << 20), `20241120110506.${'1'.repeat(1 << 20)}`]) {
      expect(() => parseTimestamp(text)).toThrow(FtpProtocolError);
    }
  });
});

describe('formatTimestamp', () => {
  it('is the inverse of parseTimestamp, to the second', () => {
    const date = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        const text = formatTimestamp(value);
        expect(text).toMatch(/^\d{14}$/);
        expect(parseTimestamp(text).getTime()).toBe(Math.floor(value.getTime() / 1000) * 1000);
      }),
    );
  });

  it.each([
    new Date(Number.NaN),
    new Date('+010000-01-01T00:00:00Z'),
    new Date('0000-12-31T23:59:59Z'),
  ])('refuses date %#', (date) => {
    expect(() => formatTimestamp(date)).toThrow(FtpUsageError);
  });
});

describe('what is no Date', () => {
  it.each(['2024', 5, null, undefined, {}])('is an FtpUsageError: %o', (date) => {
    expect(() => formatTimestamp(date as never)).toThrow(FtpUsageError);
  });
});
