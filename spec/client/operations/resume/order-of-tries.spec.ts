/** Transfers with `resume` among other operations: they keep their place, and mean the same file in each try. */
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectBytes, connect$, type FtpClient, type FtpEvent, type FtpSession } from '../../../../lib/index.js';
import type { TestServer } from '../../../../lib/testing/index.js';
import { overhear, secret } from '../../../support/canary.js';
import { observe } from '../../../support/observe.js';
import { clientOf, content, serverOf } from './support/cut-server.js';

const SIZE = 100_000;
const whole = content(SIZE);
const other = content(SIZE, 2);
const CUT = { cut: 'control', afterBytes: 30_000 } as const;
const DATA_CUT = { cut: 'data', afterBytes: 30_000 } as const;
const LONG = { delayMs: 1e9, maxDelayMs: 1e9 };

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function eventsOf(ftp: FtpClient | FtpSession): FtpEvent[] {
  const events: FtpEvent[] = [];
  ftp.events$.subscribe((event) => events.push(event));
  return events;
}

function told(server: TestServer, verbs: RegExp): readonly string[] {
  return server.commands.filter((line) => verbs.test(line));
}

/** Calls `action` at the first wait. */
function atTheWait(ftp: FtpClient | FtpSession, action: () => void): void {
  let isFirst = true;
  ftp.events$.subscribe(({ type }) => {
    if (type !== 'retrying' || !isFirst) return;
    isFirst = false;
    setImmediate(action);
  });
}

describe('with one session', () => {
  it.each([
    ['retry', {}],
    ['retry: false', { retry: false }],
  ])('a rename that was asked for later finds all of the upload: %s', async (_how, options) => {
    await using server = await serverOf({ '/x': '' });
    server.fail('STOR', CUT);
    await using ftp = clientOf(server, { maxSessions: 1, ...options });
    const stored = lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    await Promise.all([stored, lastValueFrom(ftp.rename$('/a', '/b'))]);
    expect(told(server, /^(STOR|RNFR)/)).toEqual(['STOR /a', 'STOR /a', 'RNFR /a']);
  });

  it('also where a login fails in between', async () => {
    await using server = await serverOf({ '/x': '' });
    server.fail('STOR', CUT);
    await using ftp = clientOf(server, { maxSessions: 1, retry: false });
    let logins = 0;
    server.on('PASS', () => {
      logins += 1;
      return logins === 2 ? '421 Not now.' : undefined;
    });
    const stored = lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    atTheWait(ftp, () => observe(ftp.rename$('/a', '/b')));
    await stored;
    await lastValueFrom(ftp.pwd$());
    expect(told(server, /^(STOR|RNFR)/).slice(0, 2)).toEqual(['STOR /a', 'STOR /a']);
  });

  it('a relative path is one from the directory of its turn', async () => {
    await using server = await serverOf({ '/one/k': whole, '/two/k': other });
    server.fail('RETR', CUT);
    await using ftp = clientOf(server, { maxSessions: 1 });
    await lastValueFrom(ftp.cwd$('/one'));
    const bytes = lastValueFrom(ftp.retr$('k', { resume: { overlapBytes: 0 } }).pipe(collectBytes()));
    await lastValueFrom(ftp.cwd$('/two'));
    expect(Buffer.compare(await bytes, whole)).toBe(0);
  });
});

describe('with several sessions, and a change of the directory meanwhile', () => {
  async function changed(path: string): Promise<{ bytes: Uint8Array | undefined; retrieved: readonly string[] }> {
    await using server = await serverOf({ '/one/k': whole, '/two/k': other });
    await using ftp = clientOf(server, { maxSessions: 2 });
    await lastValueFrom(ftp.cwd$('/one'));
    server.on('RETR', async () => {
      server.on('RETR', () => undefined);
      await lastValueFrom(ftp.cwd$('/two'));
      return undefined;
    });
    server.fail('RETR', CUT);
    const bytes = await lastValueFrom(ftp.retr$(path, { resume: { overlapBytes: 0 } }).pipe(collectBytes())).catch(
      () => undefined,
    );
    return { bytes, retrieved: told(server, /^RETR/) };
  }

  it('a transfer with a relative path ends: it would mean another file', async () => {
    expect(await changed('k')).toEqual({ bytes: undefined, retrieved: ['RETR k'] });
  });

  it('a transfer with an absolute path goes on', async () => {
    const { bytes, retrieved } = await changed('/one/k');
    expect(Buffer.compare(bytes ?? new Uint8Array(), whole)).toBe(0);
    expect(retrieved).toEqual(['RETR /one/k', 'RETR /one/k']);
  });

  it('and of the type: it goes on in its own', async () => {
    await using server = await serverOf({ '/a': whole });
    await using ftp = clientOf(server, { maxSessions: 2 });
    server.fail('RETR', CUT);
    server.on('RETR', async () => {
      server.on('RETR', () => undefined);
      await lastValueFrom(ftp.type$('A'));
      return undefined;
    });
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole)).toBe(0);
  });

  it.each([
    ['k', ['STOR k', 'DELE k'], undefined],
    ['/one/k', ['STOR /one/k', 'STOR /one/k'], whole],
  ])('deletePartial deletes what the upload of %s has left, where it cannot go on', async (path, commands, left) => {
    await using server = await serverOf({ '/one/x': '', '/two/k': other });
    await using ftp = clientOf(server, { maxSessions: 2 });
    await lastValueFrom(ftp.cwd$('/one'));
    server.on('STOR', async () => {
      server.on('STOR', () => undefined);
      await lastValueFrom(ftp.cwd$('/two'));
      return undefined;
    });
    server.fail('STOR', DATA_CUT);
    const events = eventsOf(ftp);
    const stored = observe(ftp.stor$(path, whole, { resume: true, deletePartial: true }));
    expect(await stored.ended).toBe(left === undefined ? 'error' : 'complete');
    expect(told(server, /^(STOR|DELE)/)).toEqual(commands);
    expect(events.filter(({ type }) => type === 'retrying')).toHaveLength(left === undefined ? 0 : 1);
    const kept = server.files.get('/one/k')?.bytes;
    expect(kept && Buffer.compare(kept, whole)).toBe(left && 0);
    expect(Buffer.compare(server.files.get('/two/k')?.bytes ?? Buffer.from(''), other)).toBe(0);
  });
});

describe('abor$ in the wait', () => {
  it.each([
    ['retr$', 'RETR', (ftp: FtpClient) => ftp.retr$('/a', { resume: true })],
    ['stor$', 'STOR', (ftp: FtpClient) => ftp.stor$('/b', whole, { resume: true })],
  ] as const)('ends %s', async (_name, verb, run) => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    await using server = await serverOf({ '/a': whole });
    server.fail(verb, CUT);
    await using ftp = clientOf(server, { retry: LONG });
    atTheWait(ftp, () => observe(ftp.abor$()));
    const error = await observe<unknown>(run(ftp)).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: false, bytes: expect.any(Number) });
    expect(told(server, /^(RETR|STOR)/)).toHaveLength(1);
  });
});

describe('the event retrying', () => {
  it('comes before each wait, and resuming before each later try', async () => {
    const password = secret('canary-in-events');
    await using server = await serverOf({ '/a': whole });
    server.fail('RETR', CUT);
    await using ftp = clientOf(server, { password });
    const events = eventsOf(ftp);
    await lastValueFrom(ftp.retr$('/a', { resume: true }));
    const types = events.map(({ type }) => type).filter((type) => /^(transfer|retr|resum)/.test(type));
    const [started, ended] = ['transfer-started', 'transfer-ended'];
    expect(types).toEqual([started, ended, 'retrying', 'resuming', started, ended]);
    overhear('events', events);
    const retrying = events.find(({ type }) => type === 'retrying');
    expect(retrying).toMatchObject({ session: 0, operation: 'RETR /a', attempt: 2, delayMs: 0 });
    expect(retrying).toHaveProperty('error.transient', true);
  });
});

describe('on a session of connect$, after the loss of the data connection', () => {
  async function open(server: TestServer): Promise<{ ftp: FtpSession; close: () => void; closed: Promise<unknown> }> {
    const session = observe(connect$(server.options));
    return { ftp: await session.nth(1), close: () => session.unsubscribe(), closed: session.ended };
  }

  it('a rename that was asked for later finds all of the upload', async () => {
    await using server = await serverOf({ '/x': '' });
    server.fail('STOR', DATA_CUT);
    const { ftp, close } = await open(server);
    const stored = lastValueFrom(ftp.stor$('/a', whole, { resume: true }));
    await Promise.all([stored, lastValueFrom(ftp.rename$('/a', '/b'))]);
    expect(told(server, /^(STOR|RNFR)/)).toEqual(['STOR /a', 'STOR /a', 'RNFR /a']);
    close();
  });

  it.each([
    ['abor$', 'ERR_FTP_TRANSFER', (ftp: FtpSession) => ftp.abor$()],
    ['close$', 'ERR_FTP_CONNECTION', (ftp: FtpSession) => ftp.close$()],
  ] as const)('%s ends the wait', async (_name, code, end) => {
    vi.mocked(Math.random).mockReturnValue(1);
    await using server = await serverOf({ '/a': whole });
    server.fail('RETR', DATA_CUT);
    const { ftp, close } = await open(server);
    let ended: Promise<unknown> | undefined;
    atTheWait(ftp, () => {
      ended = observe<unknown>(end(ftp)).ended;
    });
    expect(await observe(ftp.retr$('/a', { resume: true })).failed).toMatchObject({ code, transient: false });
    await ended;
    close();
  });

  it('unsubscribing ends the wait, and the session goes on', async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    await using server = await serverOf({ '/a': whole });
    server.fail('RETR', DATA_CUT);
    const { ftp, close } = await open(server);
    const download = observe(ftp.retr$('/a', { resume: true }));
    await new Promise<void>((resolve) => atTheWait(ftp, resolve));
    download.unsubscribe();
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    close();
  });

  it('the loss of the session in the wait is the end', async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    await using server = await serverOf({ '/a': whole });
    server.fail('RETR', DATA_CUT);
    const { ftp, closed } = await open(server);
    atTheWait(ftp, () => void server[Symbol.asyncDispose]());
    expect(await observe(ftp.retr$('/a', { resume: true })).failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
    await closed;
  });
});
