/** `retr$` with `resume`: one byte sequence over any number of drops, or an error. */
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, FtpClient, FtpReplyError, FtpTransferError, progress } from '../../../../lib/index.js';
import type { TestFault } from '../../../../lib/testing/index.js';
import { observe } from '../../../support/observe.js';
import { type Handler, scriptedServer } from '../../../support/scripted-server.js';
import { AT_ONCE, clientOf, content, resumptions, serverOf, transfers } from './support/cut-server.js';

const SIZE = 100_000;
const whole = content(SIZE);
const files = { '/a': whole };

async function failure(ftp: FtpClient, options: Parameters<FtpClient['retr$']>[1] = {}): Promise<unknown> {
  return observe(ftp.retr$('/a', { resume: true, ...options })).failed;
}

describe('retr$ with resume, after a drop', () => {
  it.each<[string, TestFault]>([
    ['the data connection ends, and 426', { cut: 'data', afterBytes: 30_000 }],
    ['the data connection is reset', { reset: 'data', afterBytes: 30_000 }],
    ['the session ends', { cut: 'control', afterBytes: 30_000 }],
    ['the session is reset', { reset: 'control', afterBytes: 30_000 }],
    ['226 comes after a part', { truncate: 30_000 }],
    ['the data stalls', { stall: 'data', afterBytes: 30_000 }],
    ['nothing comes, and the session ends', { cut: 'control', afterBytes: 0 }],
    ['all of the data came, and the session ends', { cut: 'control', afterBytes: SIZE }],
    ['all of the data came, and 426', { cut: 'data', afterBytes: SIZE }],
    ['RETR is refused for now', { refuse: 450 }],
  ])('gives the whole file: %s', async (_how, fault) => {
    await using server = await serverOf(files);
    server.fail('RETR', fault);
    await using ftp = clientOf(server, { stallTimeoutMs: 300 });
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole)).toBe(0);
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(2);
  });

  it('asks for the overlap and what is missing, and tells so', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const told = resumptions(ftp);
    await lastValueFrom(ftp.retr$('/a', { resume: { overlapBytes: 100 } }));
    expect(told).toEqual([{ path: '/a', offset: 30_000 }]);
    expect(transfers(server)).toEqual(['RETR /a', 'REST 29900', 'RETR /a']);
  });

  it('asks SIZE and MDTM before each RETR', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.retr$('/a', { resume: true }));
    const asked = server.commands.filter((line) => /^(SIZE|MDTM|RETR)/.test(line));
    expect(asked).toEqual(['SIZE /a', 'MDTM /a', 'RETR /a', 'SIZE /a', 'MDTM /a', 'RETR /a']);
  });

  it.each([
    ['within the overlap', [30_000, 2_000], 4096],
    ['with a file shorter than the overlap', [10, 20], 1_000_000],
    ['without an overlap', [30_000, 0, 50_000], 0],
    ['ten times', Array.from({ length: 10 }, () => 13_000), 4096],
    ['at the first byte', [1, 4097, 1], 4096],
  ])('gives the whole file when it breaks off %s', async (_where, cuts, overlapBytes) => {
    await using server = await serverOf(files);
    for (const afterBytes of cuts) server.fail('RETR', { cut: 'control', afterBytes });
    await using ftp = clientOf(server, { retry: { delayMs: 0, attempts: 5 } });
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: { overlapBytes } }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole)).toBe(0);
  });

  it.each([
    ['start and end', { start: 1000, end: 60_000 }, [1000, 60_000]],
    ['end', { end: 40_000 }, [0, 40_000]],
    ['a start that counts from the end', { start: -70_000 }, [30_000, SIZE]],
    ['a start at the end', { start: SIZE }, [SIZE, SIZE]],
    ['verify: size', { verify: 'size' }, [0, SIZE]],
    ['verify: hash', { verify: 'hash' }, [0, SIZE]],
    ['verify: hash of a part', { verify: 'hash', start: 5, end: 60_000 }, [5, 60_000]],
    ['verify: false', { verify: false }, [0, SIZE]],
  ] as const)('works with %s', async (_what, options, [from, to]) => {
    await using server = await serverOf(files);
    for (const afterBytes of [20_000, 9_000]) server.fail('RETR', { reset: 'control', afterBytes });
    await using ftp = clientOf(server);
    const bytes = await lastValueFrom(ftp.retr$('/a', { ...options, resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole.subarray(from, to))).toBe(0);
  });

  it('gives an empty file', async () => {
    await using server = await serverOf({ '/a': '' });
    server.fail('RETR', { cut: 'control' });
    await using ftp = clientOf(server);
    expect(await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()))).toHaveLength(0);
  });

  it('goes on without SIZE and MDTM', async () => {
    await using server = await serverOf(files);
    for (const verb of ['SIZE', 'MDTM']) server.on(verb, () => '502 Not here.');
    server.fail('RETR', { cut: 'control', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole)).toBe(0);
  });

  it('goes on by the defaults where retry is false', async () => {
    await using server = await serverOf(files);
    for (const afterBytes of [30_000, 50_000]) server.fail('RETR', { cut: 'control', afterBytes });
    await using ftp = clientOf(server, { retry: false });
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole)).toBe(0);
  });

  it('reports progress over all tries', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const reports = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(progress({ intervalMs: 0 }), toArray()));
    expect(reports[0]).toMatchObject({ attempt: 1, total: SIZE });
    expect(reports[0]).not.toHaveProperty('resumedFrom');
    expect(reports.at(-1)).toMatchObject({
      attempt: 2,
      resumedFrom: 30_000,
      bytes: SIZE,
      total: SIZE,
      done: true,
      verifiedBy: 'size',
    });
  });
});

describe('retr$ with resume never joins two files', () => {
  const other = content(SIZE, 2);

  it.each([
    ['MDTM', { '/a': { bytes: whole, modified: new Date('2026-01-01T00:00:00Z') } }, /MDTM was/],
    ['SIZE', { '/a': whole.subarray(0, SIZE - 1) }, /SIZE was/],
  ])('errors when %s differs', async (_fact, changed, words) => {
    await using server = await serverOf({ '/a': { bytes: whole, modified: new Date('2025-01-01T00:00:00Z') } });
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    let bytes = 0;
    const error = await observe(ftp.retr$('/a', { resume: true }), {
      next: (chunk) => {
        bytes += chunk.length;
        const [[path, file]] = Object.entries(changed) as [[string, never]];
        server.files.set(path, file);
      },
    }).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ changed: true, transient: false, bytes: 30_000 });
    expect(String(error)).toMatch(words);
    expect(bytes).toBe(30_000);
    expect(transfers(server)).toEqual(['RETR /a']);
  });

  it('errors when the overlap differs, and hands on nothing of the other file', async () => {
    await using server = await serverOf(files);
    for (const verb of ['SIZE', 'MDTM']) server.on(verb, () => '502 Not here.');
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const got: Uint8Array[] = [];
    const error = await observe(ftp.retr$('/a', { resume: true }), {
      next: (chunk) => {
        got.push(chunk);
        server.files.set('/a', other);
      },
    }).failed;
    expect(error).toMatchObject({ changed: true, bytes: 30_000 });
    expect(Buffer.compare(Buffer.concat(got), whole.subarray(0, 30_000))).toBe(0);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });

  it.each([
    ['which differs', whole, 4096],
    ['which has no overlap', whole, 0],
    ['all of whose bytes are alike', new Uint8Array(SIZE), 4096],
  ])('errors when REST is granted and ignored, with a file %s', async (_what, bytes, overlapBytes) => {
    await using server = await serverOf({ '/a': bytes });
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    server.on('REST', () => '350 Granted.');
    await using ftp = clientOf(server);
    const error = await failure(ftp, { resume: { overlapBytes } });
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ changed: true });
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });

  it('errors when REST is refused', async () => {
    await using server = await serverOf(files);
    server.on('REST', () => '502 Not here.');
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const error = await failure(ftp);
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'REST 25904', bytes: 30_000 });
  });

  it('reads the file again with fromStart, where REST is refused', async () => {
    await using server = await serverOf(files);
    server.on('REST', () => '502 Not here.');
    for (const afterBytes of [30_000, 20_000, 60_000]) server.fail('RETR', { cut: 'control', afterBytes });
    await using ftp = clientOf(server);
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: { fromStart: true }, start: 10 }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole.subarray(10))).toBe(0);
    expect(server.commands.filter((line) => /^REST [1-9]/.test(line))).toEqual(['REST 10']);
  });

  it('errors with fromStart too, when the overlap differs', async () => {
    await using server = await serverOf(files);
    for (const verb of ['SIZE', 'MDTM', 'REST']) server.on(verb, () => '502 Not here.');
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const error = await observe(ftp.retr$('/a', { resume: { fromStart: true } }), {
      next: () => void server.files.set('/a', other),
    }).failed;
    expect(error).toMatchObject({ changed: true, bytes: 30_000 });
  });

  it('errors when the file ends before the place where it broke off', async () => {
    await using server = await scriptedServer();
    for (const verb of ['SIZE', 'MDTM']) server.on(verb, (session) => session.reply('502 Not here.'));
    const send =
      (bytes: number, final: string, after: Promise<void>): Handler =>
      async (session) => {
        session.state.restart = 0;
        void session.reply('150 Here it comes.');
        await session.sendData(whole.subarray(0, bytes));
        await after;
        await session.reply(final);
      };
    let came = (): void => {};
    const haveCome = new Promise<void>((resolve) => {
      came = resolve;
    });
    server.once('RETR', send(4_000, '426 It broke.', haveCome)).on('RETR', send(10, '226 Done.', haveCome));
    await using ftp = new FtpClient({ host: server.host, port: server.port, retry: AT_ONCE });
    const observation = observe(ftp.retr$('/a', { resume: true }), { next: () => came() });
    expect(await observation.failed).toMatchObject({ changed: true, bytes: 4_000 });
  });

  it('takes the new file when it was changed before a byte had come', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { refuse: 450 });
    const stop = server.on('REST', () => undefined);
    await using ftp = clientOf(server);
    ftp.events$.subscribe(({ type }) => {
      if (type === 'resuming') stop();
    });
    server.files.set('/a', other);
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, other)).toBe(0);
  });
});

describe('retr$ with resume gives up', () => {
  it('on a 5yz of the later RETR, at once', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    server.fail('RETR', { refuse: 550 });
    await using ftp = clientOf(server);
    expect(await failure(ftp)).toMatchObject({ code: 'ERR_FTP_REPLY', bytes: 30_000 });
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(2);
  });

  it('after as many tries in vain as the policy allows, counted anew when bytes have come', async () => {
    await using server = await serverOf(files);
    for (const afterBytes of [100, 4_096, 10_000, 4_096, 4_096, 4_096]) {
      server.fail('RETR', { cut: 'data', afterBytes });
    }
    await using ftp = clientOf(server, { retry: { delayMs: 0, attempts: 3 } });
    expect(await failure(ftp)).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: true });
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(5);
  });

  it('with the error that the function when throws', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    const thrown = new Error('not now');
    const when = (): boolean => {
      throw thrown;
    };
    await using ftp = clientOf(server, { retry: { delayMs: 0, when } });
    expect(await failure(ftp)).toBe(thrown);
  });

  it('with a checksum that differs, without another try', async () => {
    await using server = await serverOf(files);
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    server.on('HASH', () => `213 SHA-512 0-${SIZE - 1} ${'0'.repeat(128)} /a`);
    await using ftp = clientOf(server);
    expect(await failure(ftp, { verify: 'hash' })).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: false });
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(2);
  });

  it.each([
    ['the option type', { type: 'ascii' as const }, {}],
    ['the type of the client', {}, { type: 'ascii' as const }],
  ])('for ascii, by %s, with nothing sent', async (_where, options, clientOptions) => {
    await using server = await serverOf(files);
    await using ftp = clientOf(server, clientOptions);
    expect(await failure(ftp, options)).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(transfers(server)).toEqual([]);
  });

  it.each([
    [1],
    [null],
    ['yes'],
    [{ overlapBytes: -1 }],
    [{ overlapBytes: 1.5 }],
    [{ overlapBytes: 2 ** 40 }],
    [{ fromStart: 1 }],
    [{ overlap: 1 }],
  ])('for a bad option, %j, with nothing sent', async (resume) => {
    await using server = await serverOf(files);
    await using ftp = clientOf(server);
    expect(await failure(ftp, { resume: resume as never })).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
    expect(server.commands).toEqual([]);
  });
});
