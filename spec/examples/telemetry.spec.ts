/** The code of docs/observability.md: spans, metrics and lines of what a client does. */
import { readFile } from 'node:fs/promises';
import { ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api';
import { lastValueFrom, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type RecordedSpan, recordingMeter, recordingTracer } from '../../examples/support/recording-telemetry.js';
import { countFtp } from '../../examples/telemetry/metrics.js';
import { traceFtp } from '../../examples/telemetry/spans.js';
import { transferLines$ } from '../../examples/telemetry/transfer-lines.js';
import { FtpClient, type FtpEvent } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';
import { observe } from '../support/observe.js';

const files = { '/a': 'of a', '/big': Buffer.alloc(4_000_000) };

/** A client that is traced, with its spans in the order of their ends. */
function traced(options: ConstructorParameters<typeof FtpClient>[0]) {
  const spans: RecordedSpan[] = [];
  const ftp = new FtpClient(options);
  const tracing = traceFtp(
    ftp,
    recordingTracer((span) => spans.push(span)),
    ROOT_CONTEXT,
  );
  return { ftp, spans, tracing };
}

describe('the spans of a client', () => {
  it('are one for each login and each transfer, with their times and attributes', async () => {
    await using server = await testServer({ files });
    const { ftp, spans, tracing } = traced(server.options);
    const before = performance.timeOrigin + performance.now();
    await lastValueFrom(ftp.retr$('/a', { verify: 'size' }));
    await lastValueFrom(ftp.stor$('/b', 'of b'));
    await lastValueFrom(ftp.close$());
    const { host, port } = server.options;
    expect(spans.map(({ name }) => name)).toEqual(['ftp login', 'ftp download', 'ftp upload']);
    expect(spans[0]).toMatchObject({
      attributes: { 'server.address': host, 'server.port': port, 'ftp.session': 1 },
      events: [{ name: 'connected' }],
      status: { code: SpanStatusCode.UNSET },
      parent: ROOT_CONTEXT,
    });
    expect(spans[1]?.attributes).toMatchObject({
      'ftp.path': '/a',
      'ftp.total': 4,
      'ftp.bytes': 4,
      'ftp.end': 'complete',
      'ftp.verifiedBy': 'size',
    });
    for (const { startTime, endTime } of spans) {
      expect(Number(startTime)).toBeGreaterThanOrEqual(before);
      expect(Number(endTime)).toBeGreaterThanOrEqual(Number(startTime));
    }
    expect(tracing.closed).toBe(true);
  });

  it('tell a login and a transfer that fail by their status', async () => {
    await using server = await testServer({ files, user: 'me', password: 'secret' });
    const refused = traced({ ...server.options, password: 'wrong' });
    await observe(refused.ftp.pwd$()).failed;
    await lastValueFrom(refused.ftp.close$());
    expect(refused.spans).toMatchObject([{ name: 'ftp login', status: { code: SpanStatusCode.ERROR } }]);
    expect(JSON.stringify(refused.spans[0]?.attributes)).not.toContain('wrong');
    server.fail('RETR', { cut: 'data', afterBytes: 1 });
    const cut = traced(server.options);
    await observe(cut.ftp.retr$('/a')).failed;
    await lastValueFrom(cut.ftp.close$());
    expect(cut.spans.at(-1)).toMatchObject({
      attributes: { 'ftp.end': 'failed' },
      status: { code: SpanStatusCode.ERROR },
    });
  });

  it('tell a connection that is refused, and a transfer that is cancelled', async () => {
    const server = await testServer({ files });
    const { ftp, spans } = traced(server.options);
    await lastValueFrom(ftp.retr$('/big').pipe(take(1)));
    await lastValueFrom(ftp.close$());
    expect(spans.at(-1)).toMatchObject({
      attributes: { 'ftp.end': 'cancelled' },
      status: { code: SpanStatusCode.UNSET },
    });
    await server[Symbol.asyncDispose]();
    const refused = traced(server.options);
    await observe(refused.ftp.pwd$()).failed;
    expect(refused.spans).toMatchObject([{ name: 'ftp login', status: { code: SpanStatusCode.ERROR } }]);
    await lastValueFrom(refused.ftp.close$());
  });

  it('take what happens beside them as events, without control characters', () => {
    const events$ = new Subject<FtpEvent>();
    const odd: RecordedSpan[] = [];
    const tracing = traceFtp(
      { events$ },
      recordingTracer((span) => odd.push(span)),
    );
    events$.next({ type: 'connecting', host: 'h', port: 21, at: 1, session: 1 });
    events$.next({ type: 'fallback', what: 'EPSV', to: 'PASV', at: 2, session: 1 });
    events$.next({ type: 'skipped', line: 'odd\u001b[31m', at: 3, session: 2 });
    events$.next({ type: 'skipped', line: 'odd\u001b[31m', at: 3, session: 1 });
    // A span that is open is ended with the subscription.
    tracing.unsubscribe();
    expect(odd).toHaveLength(1);
    expect(odd[0]?.events).toEqual([
      { name: 'fallback', attributes: { 'ftp.what': 'EPSV', 'ftp.to': 'PASV' }, time: 2 },
      { name: 'skipped', attributes: { 'ftp.line': 'odd\\x1b[31m' }, time: 3 },
    ]);
  });
});

describe('the metrics of a process', () => {
  it('count commands, replies, events, bytes and time of all clients, until they are stopped', async () => {
    await using server = await testServer({ files, user: 'me', password: 'secret' });
    const measured: [name: string, value: number, attributes: string][] = [];
    const stop = countFtp(
      recordingMeter((name, value, attributes) => measured.push([name, value, Object.values(attributes).join()])),
    );
    const sum = (name: string, attributes: string): number =>
      measured.filter((each) => each[0] === name && each[2] === attributes).reduce((total, each) => total + each[1], 0);
    const clients = [new FtpClient(server.options), new FtpClient(server.options)];
    for (const ftp of clients) await lastValueFrom(ftp.retr$('/a'));
    for (const ftp of clients.slice(1)) await observe(ftp.dele$('/missing')).failed;
    for (const ftp of clients) await lastValueFrom(ftp.close$());
    expect(sum('ftp.commands', 'RETR')).toBe(2);
    expect(sum('ftp.replies', '5')).toBe(1);
    expect(sum('ftp.events', 'closed')).toBe(2);
    expect(sum('ftp.transfer.bytes', 'complete')).toBe(8);
    expect(measured.filter(([name]) => name === 'ftp.transfer.duration')).toHaveLength(2);
    expect(JSON.stringify(measured)).not.toContain('secret');
    stop();
    const before = measured.length;
    const later = new FtpClient(server.options);
    await lastValueFrom(later.pwd$());
    await lastValueFrom(later.close$());
    expect(measured).toHaveLength(before);
  });
});

describe('the lines of a log', () => {
  it('are one for each transfer, whatever has ended it', async () => {
    await using server = await testServer({ files });
    server.fail('STOR', { cut: 'data', afterBytes: 1 });
    const ftp = new FtpClient(server.options);
    const lines = observe(transferLines$(ftp));
    await lastValueFrom(ftp.retr$('/a', { verify: 'size' }));
    await lastValueFrom(ftp.retr$('/big').pipe(take(1)));
    await observe(ftp.stor$('/b', 'of b')).ended;
    await lastValueFrom(ftp.list$());
    await lastValueFrom(ftp.close$());
    const shown = (await lines.settled).map((line) => line.replace(/^\S+Z /, '').replace(/\d+ ms/, 'N ms'));
    expect(shown[0]).toBe('session 1: download /a: 4 of 4 bytes in N ms, complete, verified by size');
    expect(shown[1]).toMatch(/^session 1: download \/big: \d+( of 4000000)? bytes in N ms, cancelled$/);
    expect(shown[2]).toMatch(/: upload \/b: \d of 4 bytes in N ms, failed$/);
    expect(shown[3]).toMatch(/: download: \d+ bytes in N ms, complete$/);
    expect(shown).toHaveLength(4);
  });

  it('show no control characters', () => {
    const events$ = new Subject<FtpEvent>();
    const lines = observe(transferLines$({ events$ }));
    const at = { at: 0, session: 1, id: 1 };
    events$.next({ type: 'transfer-started', direction: 'download', path: '\u001b[31m', ...at });
    events$.next({ type: 'transfer-ended', bytes: 1, ms: 2, end: 'failed', verified: false, ...at });
    events$.complete();
    expect(lines.values).toEqual(['1970-01-01T00:00:00.000Z session 1: download \\x1b[31m: 1 bytes in 2 ms, failed']);
  });
});

describe('docs/observability.md', () => {
  it.each(['spans', 'metrics', 'transfer-lines'])('shows the code that runs here: %s.ts', async (name) => {
    const [docs, code] = await Promise.all(
      ['../../docs/observability.md', `../../examples/telemetry/${name}.ts`].map((path) =>
        readFile(new URL(path, import.meta.url), 'utf8'),
      ),
    );
    const shown = code
      ?.replaceAll('../../lib/index.js', 'rxftp')
      .replaceAll('../../lib/protocol/index.js', 'rxftp/protocol')
      .trim();
    expect(docs).toContain(shown);
  });

  it('has a row for each event', async () => {
    const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
    const [docs, events] = await Promise.all([
      read('../../docs/observability.md'),
      read('../../lib/control/events.ts'),
    ]);
    const types = new Set([...events.matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type = '']) => type));
    expect(types.size).toBeGreaterThan(10);
    for (const type of types) expect(docs).toMatch(new RegExp(`^\\| \`${type}\` `, 'm'));
  });
});
