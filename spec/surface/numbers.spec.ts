/**
 * Every number that the public API takes, held against what no number of that kind can be: an FtpUsageError, with nothing
 * sent and nothing connected. The options of clients are in `spec/client/options.spec.ts`.
 */
import { NEVER, type Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  connect$,
  type ExpectedReply,
  FtpClient,
  type FtpOperations,
  FtpUsageError,
  facts,
  lines,
  listing,
  listingLines,
  paced,
  progress,
  tapProgress,
  throttleBytes,
  toReadable,
  toWeb,
} from '../../lib/index.js';
import { formatEprt, formatPort, LineDecoder, ListingParser, ReplyDecoder } from '../../lib/protocol/index.js';
import { download$, fxp$, local, publish$, remote, upload$ } from '../../lib/recipes/index.js';
import { observe } from '../support/observe.js';

const { NaN: nan, POSITIVE_INFINITY: endless, MAX_SAFE_INTEGER: largest } = Number;
const strange = [nan, -endless, -1, '5', null, {}, 5n] as unknown as readonly number[];

const kinds = {
  /** Also below 0: an offset from the end. */
  whole: [...strange.filter((value) => value !== -1), endless, 1.5, -1.5, largest + 1],
  /** From 0: an offset, a size. */
  count: [...strange, endless, 1.5, largest + 1],
  /** Above 0: a limit. */
  limit: [...strange, endless, 0, 1.5, largest + 1],
  interval: [...strange, endless],
  rate: [...strange, endless, 0],
  concurrency: [...strange, 0, 1.5],
  port: [...strange, endless, 0, 1.5, 65_536],
  /** A string is one, of octal digits. */
  mode: [...strange.filter((value) => typeof value === 'number'), endless, 1.5, 0o10000],
  time: [nan, endless],
  expected: [...strange, endless, 0, 1.5, 6, 600, 2260],
} as const;

type Kind = keyof typeof kinds;

const offered: readonly [name: string, kind: Kind, call: (ftp: FtpOperations, n: number) => Observable<unknown>][] = [
  ['retr$ start', 'whole', (ftp, start) => ftp.retr$('a', { start })],
  ['hash$ start', 'count', (ftp, start) => ftp.hash$('a', { start })],
  ['hash$ end', 'limit', (ftp, end) => ftp.hash$('a', { end })],
  ['retr$ end', 'limit', (ftp, end) => ftp.retr$('a', { end })],
  ['retr$ size', 'count', (ftp, size) => ftp.retr$('a', { size })],
  ['stor$ start', 'count', (ftp, start) => ftp.stor$('a', 'x', { start })],
  ['stor$ progressIntervalMs', 'interval', (ftp, ms) => ftp.stor$('a', 'x', { progressIntervalMs: ms })],
  ['retr$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.retr$('a', { deadlineMs })],
  ['stor$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.stor$('a', 'x', { deadlineMs })],
  ['stou$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.stou$('x', undefined, { deadlineMs })],
  ['list$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.list$('a', { deadlineMs })],
  ['mlsd$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.mlsd$('a', { deadlineMs })],
  ['entries$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.entries$('a', { deadlineMs })],
  ['transfer$ deadlineMs', 'interval', (ftp, deadlineMs) => ftp.transfer$('RETR a', { deadlineMs })],
  ['retr$ minRate', 'rate', (ftp, rate) => ftp.retr$('a', { minRate: { bytesPerSecond: rate, overMs: 1 } })],
  ['entries$ minRate', 'rate', (ftp, overMs) => ftp.entries$('a', { minRate: { bytesPerSecond: 1, overMs } })],
  ['transfer$ start', 'count', (ftp, start) => ftp.transfer$('RETR a', { start })],
  ['exchange$ expect', 'expected', (ftp, expect) => ftp.exchange$('NOOP', { expect })],
  ['exchange$ expect, one of two', 'expected', (ftp, code) => ftp.exchange$('NOOP', { expect: [200, code] })],
  ['allo$', 'count', (ftp, bytes) => ftp.allo$(bytes)],
  ['allo$ record', 'count', (ftp, bytes) => ftp.allo$(1, bytes)],
  ['pbsz$', 'count', (ftp, size) => ftp.pbsz$(size)],
  ['chmod$', 'mode', (ftp, mode) => ftp.chmod$('a', mode)],
  ['mfmt$', 'time', (ftp, time) => ftp.mfmt$('a', new Date(time))],
  ['download$ end', 'limit', (ftp, end) => download$(ftp, 'a', '/nowhere/a', { end })],
  ['download$ size', 'count', (ftp, size) => download$(ftp, 'a', '/nowhere/a', { size })],
  [
    'download$ progressIntervalMs',
    'interval',
    (ftp, ms) => download$(ftp, 'a', '/nowhere/a', { progressIntervalMs: ms }),
  ],
  ['upload$ start', 'count', (ftp, start) => upload$(ftp, '/dev/null', 'a', { start })],
  ['upload$ progressIntervalMs', 'interval', (ftp, ms) => upload$(ftp, '/dev/null', 'a', { progressIntervalMs: ms })],
  ['lookup$ timeZone', 'time', (ftp, timeZone) => ftp.lookup$('a', { timeZone })],
  ['listing timeZone', 'time', (_, minutes) => of('').pipe(listing({ timeZone: minutes }))],
  ['listing now', 'time', (_, time) => of('').pipe(listing({ now: new Date(time) }))],
  ['publish$ keep', 'count', (ftp, keep) => publish$(local('.'), remote(ftp, '/a'), { keep })],
  ['publish$ concurrency', 'limit', (ftp, n) => publish$(local('.'), remote(ftp, '/a'), { concurrency: n })],
  ['fxp$ sessionTimeoutMs', 'limit', (ftp, ms) => fxp$(ftp, '/a', ftp, '/b', { sessionTimeoutMs: ms })],
];

const atOnce: readonly [name: string, kind: Kind, call: (n: number) => unknown][] = [
  ['paced', 'concurrency', (n) => paced(() => NEVER, n)],
  ['throttleBytes', 'rate', (n) => throttleBytes(n)],
  ['progress total', 'count', (total) => progress({ total })],
  ['progress intervalMs', 'interval', (intervalMs) => progress({ intervalMs })],
  ['tapProgress total', 'count', (total) => tapProgress(() => {}, { total })],
  ['tapProgress intervalMs', 'interval', (intervalMs) => tapProgress(() => {}, { intervalMs })],
  ['lines', 'limit', (maxLineBytes) => lines({ maxLineBytes })],
  ['listingLines', 'limit', (maxLineBytes) => listingLines({ maxLineBytes })],
  ['listing', 'limit', (maxLineBytes) => listing({ maxLineBytes })],
  ['facts', 'limit', (maxLineBytes) => facts({ maxLineBytes })],
  ['toReadable', 'count', (highWaterMark) => toReadable({ highWaterMark })],
  ['toWeb', 'count', (highWaterMark) => toWeb({ highWaterMark })],
  ['LineDecoder', 'limit', (maxLineBytes) => new LineDecoder({ maxLineBytes })],
  ['ReplyDecoder line', 'limit', (n) => new ReplyDecoder({ maxLineBytes: n, maxReplyBytes: 1, decode: String })],
  ['ReplyDecoder reply', 'limit', (n) => new ReplyDecoder({ maxLineBytes: 1, maxReplyBytes: n, decode: String })],
  [
    'ReplyDecoder lines',
    'limit',
    (n) => new ReplyDecoder({ maxLineBytes: 1, maxReplyBytes: 1, maxReplyLines: n, decode: String }),
  ],
  ['ListingParser', 'time', (timeZone) => new ListingParser({ now: new Date(0), timeZone })],
  ['ListingParser now', 'time', (time) => new ListingParser({ now: new Date(time) })],
  ['formatPort', 'port', (port) => formatPort({ host: '127.0.0.1', port })],
  ['formatEprt', 'port', (port) => formatEprt({ host: '127.0.0.1', port })],
];

/** A client that would fail in another way if it connected. */
function unconnected(): FtpClient {
  return new FtpClient({
    host: '127.0.0.1',
    connector: async () => {
      throw new Error('connected');
    },
  });
}

const nameOf = (value: unknown): string => (typeof value === 'number' ? `${value}` : `the ${typeof value} ${value}`);
const cases = <T extends readonly [string, Kind, ...unknown[]]>(rows: readonly T[]) =>
  rows.flatMap((row) => kinds[row[1]].map((value) => ({ title: `${row[0]}: ${nameOf(value)}`, row, value })));

describe('a number that cannot be meant', () => {
  it.each(cases(offered))('is refused before anything is connected, by $title', async ({ row: [, , call], value }) => {
    await using ftp = unconnected();
    expect(await observe(call(ftp, value)).failed).toBeInstanceOf(FtpUsageError);
  });

  it.each(cases(atOnce))('is refused at once, by $title', ({ row: [, , call], value }) => {
    expect(() => call(value)).toThrow(FtpUsageError);
  });

  it('is refused for what is missing, too', async () => {
    await using ftp = unconnected();
    const nothing = undefined as unknown as number;
    for (const refused of [ftp.allo$(nothing), ftp.pbsz$(nothing), ftp.exchange$('NOOP', { expect: [] })]) {
      expect(await observe(refused).failed).toBeInstanceOf(FtpUsageError);
    }
    const expected = undefined as unknown as ExpectedReply;
    expect(await observe(ftp.exchange$('NOOP', { expect: expected })).failed).toBeInstanceOf(FtpUsageError);
  });

  it('is refused by a session to be, before it connects', async () => {
    expect(await observe(connect$({ host: '127.0.0.1', port: nan })).failed).toBeInstanceOf(FtpUsageError);
  });

  it('says which, and what it may be', async () => {
    await using ftp = unconnected();
    expect(await observe(ftp.allo$(nan)).failed).toMatchObject({
      message: 'The size must be a whole number from 0, not NaN.',
    });
    expect(await observe(ftp.stor$('a', 'x', { start: '7' as unknown as number })).failed).toMatchObject({
      message: 'The option start must be a whole number from 0, not string.',
    });
  });
});

describe('a number at the edge', () => {
  it('is taken', () => {
    expect(() => paced(() => NEVER, endless)).not.toThrow();
    expect(() => throttleBytes(0.5)).not.toThrow();
    expect(() => progress({ total: 0, intervalMs: 0 })).not.toThrow();
    expect(() => toReadable({ highWaterMark: 0 })).not.toThrow();
    expect(() => lines({ maxLineBytes: 1 })).not.toThrow();
    expect(() => new LineDecoder({ maxLineBytes: largest })).not.toThrow();
    expect(() => new ListingParser({ now: new Date(0), timeZone: -720 })).not.toThrow();
  });
});
