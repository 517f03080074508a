/** `stor$` with `resume`: the file at the server is the source, or there is an error. */
import { Readable } from 'node:stream';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ByteSource, ByteSourceAt, FtpClient, StorOptions } from '../../../../lib/index.js';
import type { TestFault, TestServer } from '../../../../lib/testing/index.js';
import { observe } from '../../../support/observe.js';
import { clientOf, content, resumptions, serverOf, transfers } from './support/cut-server.js';

const SIZE = 500_000;
const whole = content(SIZE);

async function failure(
  ftp: FtpClient,
  source: ByteSource | ByteSourceAt = whole,
  options: StorOptions = {},
): Promise<unknown> {
  return observe(ftp.stor$('/a', source, { resume: true, ...options })).failed;
}

function expectStored(server: TestServer, bytes: Uint8Array = whole): void {
  expect(Buffer.compare(server.files.get('/a')?.bytes ?? Buffer.from('no file'), bytes)).toBe(0);
}

describe('stor$ with resume, after a drop', () => {
  it.each<[string, TestFault]>([
    ['the data connection ends, and 426', { cut: 'data', afterBytes: 100_000 }],
    ['the data connection is reset', { reset: 'data', afterBytes: 100_000 }],
    ['the session ends', { cut: 'control', afterBytes: 100_000 }],
    ['the session is reset', { reset: 'control', afterBytes: 100_000 }],
    ['the data stalls', { stall: 'data', afterBytes: 100_000 }],
    ['226 comes after a part', { truncate: 100_000 }],
    ['nothing came, and the session ends', { cut: 'control', afterBytes: 0 }],
    ['all of the data came, and the session ends', { cut: 'control', afterBytes: SIZE }],
    ['STOR is refused for now', { refuse: 450 }],
  ])('stores the whole file: %s', async (how, fault) => {
    await using server = await serverOf({ '/a': 'old' });
    server.fail('STOR', fault);
    // The socket takes all of it: it is the final reply that does not come.
    const limits = how.includes('stalls') ? { stallTimeoutMs: 1000, replyTimeoutMs: 1000 } : {};
    await using ftp = clientOf(server, limits);
    const transfer = lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    expect(await transfer).toMatchObject({ bytes: SIZE, done: true, attempt: 2, verifiedBy: 'size' });
    expectStored(server);
  });

  it('counts its tries anew when the server has stored more, also where the socket took all of it at first', async () => {
    const small = content(40_000);
    await using server = await serverOf({});
    for (let drop = 0; drop < 6; drop += 1) server.fail('STOR', { cut: 'control', afterBytes: 5_000 });
    await using ftp = clientOf(server, { retry: { attempts: 2, delayMs: 0, maxDelayMs: 1 } });
    expect(await lastValueFrom(ftp.stor$('/a', small, { resume: true }))).toMatchObject({ attempt: 7 });
    expectStored(server, small);
  });

  it('goes on from SIZE, and tells so', async () => {
    await using server = await serverOf({});
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    await using ftp = clientOf(server);
    const told = resumptions(ftp);
    const reports = await lastValueFrom(
      ftp.stor$('/a', whole, { resume: true, progressIntervalMs: 0 }).pipe(toArray()),
    );
    expect(transfers(server)).toEqual(['STOR /a', 'REST 100000', 'STOR /a']);
    expect(told).toEqual([{ path: '/a', offset: 100_000 }]);
    expect(reports[0]).toMatchObject({ attempt: 1, total: SIZE });
    expect(reports.find(({ attempt }) => attempt === 2)).toMatchObject({ resumedFrom: 100_000 });
    expect(reports.at(-1)).toMatchObject({ bytes: SIZE, total: SIZE });
    expectStored(server);
  });

  it.each<[string, () => ByteSource | ByteSourceAt]>([
    ['bytes', () => whole],
    ['text', () => Buffer.from(whole).toString('latin1')],
    ['an array', () => [whole.subarray(0, 7), 'ä', whole.subarray(7, 300_000), whole.subarray(300_000)]],
    ['a Blob', () => new Blob([whole as never])],
    ['a function that gives bytes', () => (offset) => whole.subarray(offset)],
    ['a function that gives a Readable', () => (offset) => Readable.from([whole.subarray(offset)])],
    ['a function that gives an Observable', () => (offset) => from([whole.subarray(offset)])],
  ])('reads %s again', async (_kind, make) => {
    await using server = await serverOf({});
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.stor$('/plain', typeof make() === 'function' ? whole : (make() as ByteSource)));
    for (const afterBytes of [100_001, 50_000]) server.fail('STOR', { reset: 'control', afterBytes });
    await lastValueFrom(ftp.stor$('/a', make(), { resume: true }));
    expectStored(server, server.files.get('/plain')?.bytes);
  });

  it.each<[string, StorOptions]>([
    ['verify: hash', { verify: 'hash' }],
    ['verify: size', { verify: 'size' }],
    ['start', { start: 3 }],
    ['start and verify: hash', { start: 3, verify: 'hash' }],
  ])('works with %s', async (_what, options) => {
    await using server = await serverOf({ '/a': 'old' });
    for (const afterBytes of [100_000, 50_000]) server.fail('STOR', { cut: 'control', afterBytes });
    await using ftp = clientOf(server);
    const last = await lastValueFrom(ftp.stor$('/a', whole, { ...options, resume: true }));
    expect(last).toMatchObject({ bytes: SIZE, verified: true });
    if (options.verify === 'hash') expect(last.verifiedBy).toMatch(/SHA/);
    expectStored(server, options.start === 3 ? Buffer.concat([Buffer.from('old'), whole]) : whole);
  });

  it('stores an empty file', async () => {
    await using server = await serverOf({ '/a': 'old' });
    server.fail('STOR', { cut: 'control' });
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.stor$('/a', '', { resume: true }));
    expectStored(server, new Uint8Array(0));
  });

  it('asks again when the answer to the last SIZE is lost, and sends nothing more', async () => {
    await using server = await serverOf({});
    await using ftp = clientOf(server);
    ftp.events$.subscribe((event) => {
      if (event.type === 'transfer-started') server.fail('SIZE', { cut: 'control' });
    });
    const last = await lastValueFrom(ftp.stor$('/a', whole, { resume: true, verify: 'hash' }));
    expect(last).toMatchObject({ attempt: 2, bytes: SIZE, verified: true });
    expect(transfers(server)).toEqual(['STOR /a']);
    expectStored(server);
  });
});

describe('stor$ with resume begins anew', () => {
  /** The second try begins with the first byte. */
  async function expectAnew(server: TestServer, ftp: FtpClient, options: StorOptions = {}): Promise<void> {
    await lastValueFrom(ftp.stor$('/a', whole, { resume: true, ...options }));
    expect(transfers(server).filter((line) => line.startsWith('REST'))).toEqual([]);
    expectStored(server);
  }

  it('when SIZE still shows the old file, as with HiddenStores', async () => {
    const old = content(50_000, 2);
    await using server = await serverOf({ '/a': old });
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    const stop = server.on('SIZE', () => `213 ${old.length}`);
    await using ftp = clientOf(server);
    ftp.events$.subscribe(({ type }) => {
      if (type === 'resuming') stop();
    });
    await expectAnew(server, ftp);
  });

  it('when SIZE is more than the socket took: another file', async () => {
    await using server = await serverOf({});
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    await using ftp = clientOf(server);
    let asked = 0;
    server.on('SIZE', () => {
      asked += 1;
      return asked === 2 ? `213 ${SIZE * 2}` : undefined;
    });
    await expectAnew(server, ftp);
  });

  it.each([
    ['the server has no SIZE', (server: TestServer) => server.on('SIZE', () => '502 Not here.')],
    [
      'SIZE was not told before',
      (server: TestServer) => {
        let asked = 0;
        server.on('SIZE', () => {
          asked += 1;
          return asked === 1 ? '553 Not for you.' : undefined;
        });
      },
    ],
  ])('when %s', async (_why, prepare) => {
    await using server = await serverOf({});
    prepare(server);
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    await using ftp = clientOf(server);
    await expectAnew(server, ftp);
  });

  it('when STOR had not got its 1yz: what stands there is not its own', async () => {
    await using server = await serverOf({});
    server.fail('STOR', { refuse: 450 });
    await using ftp = clientOf(server);
    let asked = 0;
    server.on('SIZE', () => {
      asked += 1;
      if (asked === 2) server.files.set('/a', 'written by another program');
      return undefined;
    });
    await expectAnew(server, ftp);
  });

  it.each(['220 Ready', '220 Features: a .'])('on ftp-srv, which says %s', async (greeting) => {
    await using server = await serverOf({}, { greeting: greeting.slice(4) });
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    await using ftp = clientOf(server);
    await expectAnew(server, ftp);
  });

  it('at once when REST is refused for good', async () => {
    await using server = await serverOf({});
    server.on('REST', () => '502 Not here.');
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    await using ftp = clientOf(server);
    const last = await lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    expect(last.attempt).toBe(2);
    expectStored(server);
  });

  it('when STOR is refused behind REST for now, as by ProFTPD without AllowStoreRestart', async () => {
    await using server = await serverOf({});
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    server.fail('STOR', { refuse: 451 });
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    expect(transfers(server)).toEqual(['STOR /a', 'REST 100000', 'STOR /a', 'REST 0', 'STOR /a']);
    expectStored(server);
  });

  it('when what was put together is not as long as the source: the server has spoilt it', async () => {
    await using server = await serverOf({});
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    server.fail('STOR', { truncate: 5 });
    await using ftp = clientOf(server);
    const last = await lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    expect(last.attempt).toBe(3);
    expectStored(server);
  });

  it('when the checksum of what was put together differs', async () => {
    await using server = await serverOf({});
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    await using ftp = clientOf(server);
    ftp.events$.subscribe((event) => {
      if (event.type === 'resuming' && event.offset > 0) server.files.set('/a', new Uint8Array(100_000));
    });
    const last = await lastValueFrom(ftp.stor$('/a', whole, { resume: true, verify: 'hash' }));
    expect(last).toMatchObject({ attempt: 3, verified: true });
    expectStored(server);
  });
});

describe('stor$ with resume gives up', () => {
  it('with the error of a function that throws, with nothing stored', async () => {
    await using server = await serverOf({ '/a': 'old' });
    await using ftp = clientOf(server);
    const thrown = new Error('no such file here');
    const error = await failure(ftp, () => {
      throw thrown;
    });
    expect(error).toBe(thrown);
    expectStored(server, Buffer.from('old'));
  });

  it('when a function gives no source', async () => {
    await using server = await serverOf({ '/a': 'old' });
    await using ftp = clientOf(server);
    expect(await failure(ftp, () => 5 as never)).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expectStored(server, Buffer.from('old'));
  });

  it('after as many tries in vain as the policy allows', async () => {
    await using server = await serverOf({});
    for (let tries = 0; tries < 5; tries += 1) server.fail('STOR', { refuse: 450 });
    await using ftp = clientOf(server, { retry: { delayMs: 0, attempts: 3 } });
    expect(await failure(ftp)).toMatchObject({ code: 'ERR_FTP_REPLY', transient: true });
    expect(transfers(server)).toEqual(['STOR /a', 'STOR /a', 'STOR /a']);
  });

  it.each([
    [true, 'is deleted', undefined],
    [false, 'stays', 100_000],
  ])('with deletePartial: %s, and the part %s after the last try alone', async (deletePartial, _what, left) => {
    await using server = await serverOf({});
    server.fail('STOR', { cut: 'data', afterBytes: 100_000 });
    server.fail('STOR', { refuse: 550 });
    await using ftp = clientOf(server);
    expect(await failure(ftp, whole, { deletePartial })).toMatchObject({ code: 'ERR_FTP_REPLY' });
    expect(server.files.get('/a')?.bytes.length).toBe(left);
  });
});
