/** The tries of a transfer with `resume`: cancelled wherever they are, bounded in time and number, and held by the consumer. */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BehaviorSubject, lastValueFrom, type Observable } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectBytes, connect$, type FtpClient, FtpConnectionError, toWritable } from '../../../../lib/index.js';
import type { TestServer } from '../../../../lib/testing/index.js';
import { observe } from '../../../support/observe.js';
import { clientOf, content, serverOf, transfers } from './support/cut-server.js';

const SIZE = 100_000;
const whole = content(SIZE);
const CUT = { cut: 'control', afterBytes: 30_000 } as const;

const both: readonly [string, 'RETR' | 'STOR', (ftp: FtpClient, signal?: AbortSignal) => Observable<unknown>][] = [
  ['retr$', 'RETR', (ftp, signal) => ftp.retr$('/a', { resume: true, signal })],
  ['stor$', 'STOR', (ftp, signal) => ftp.stor$('/b', whole, { resume: true, signal })],
];

/** A wait that would outlast the spec; resolves when it has begun. */
function longWait(): { retry: { delayMs: number; maxDelayMs: number; when: () => boolean }; begun: Promise<void> } {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  let tell = (): void => {};
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const when = (): boolean => {
    tell();
    return true;
  };
  return { retry: { delayMs: 1e9, maxDelayMs: 1e9, when }, begun: asked.then(() => nextTurn()) };
}

async function dropped(verb: 'RETR' | 'STOR'): Promise<TestServer> {
  const server = await serverOf({ '/a': whole });
  server.fail(verb, CUT);
  return server;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(both)('%s with resume, cancelled', (_name, verb, run) => {
  it('in the wait: nothing more is sent, and no timer is left', async () => {
    await using server = await dropped(verb);
    const { retry, begun } = longWait();
    await using ftp = clientOf(server, { retry });
    const observation = observe(run(ftp));
    await begun;
    const before = server.commands.length;
    observation.unsubscribe();
    await nextTurn();
    expect(server.commands).toHaveLength(before);
  });

  it('in the login: the connection is closed', async () => {
    await using server = await dropped(verb);
    await using ftp = clientOf(server);
    let logins = 0;
    let leave = (): void => {};
    server.on('PASS', () => {
      logins += 1;
      if (logins === 1) return undefined;
      leave();
      return new Promise((resolve) => setImmediate(resolve, '230 Too late.'));
    });
    const observation = observe(run(ftp));
    leave = () => observation.unsubscribe();
    await observation.ended;
    expect(transfers(server).filter((line) => line.startsWith(verb))).toHaveLength(1);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });

  it('in SIZE: the session goes on in step', async () => {
    await using server = await dropped(verb);
    await using ftp = clientOf(server);
    let asked = 0;
    let leave = (): void => {};
    server.on('SIZE', () => {
      asked += 1;
      if (asked === 2) leave();
      return undefined;
    });
    const observation = observe(run(ftp));
    leave = () => observation.unsubscribe();
    await observation.ended;
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    expect(transfers(server).filter((line) => line.startsWith(verb))).toHaveLength(1);
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(2);
  });

  it('by close$ in the wait', async () => {
    await using server = await dropped(verb);
    const { retry, begun } = longWait();
    await using ftp = clientOf(server, { retry });
    const observation = observe(run(ftp));
    await begun;
    await lastValueFrom(ftp.close$());
    const error = await observation.failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ phase: 'close', transient: false });
  });

  it.each(['wait', 'transfer'])("by the client's signal in the %s", async (place) => {
    await using server = await dropped(verb);
    const { retry, begun } = longWait();
    const abort = new AbortController();
    await using ftp = clientOf(server, { retry, signal: abort.signal });
    if (place === 'transfer') {
      ftp.events$.subscribe((event) => {
        if (event.type === 'transfer-started') abort.abort('enough');
      });
    }
    const observation = observe(run(ftp));
    if (place === 'wait') {
      await begun;
      abort.abort('enough');
    }
    expect(await observation.failed).toBe('enough');
  });

  it('by its own signal in the wait', async () => {
    await using server = await dropped(verb);
    const { retry, begun } = longWait();
    await using ftp = clientOf(server, { retry });
    const abort = new AbortController();
    const observation = observe(run(ftp, abort.signal));
    await begun;
    abort.abort('enough');
    expect(await observation.failed).toBe('enough');
  });
});

describe('deadlineMs with resume counts over all', () => {
  it('in the wait', async () => {
    await using server = await dropped('RETR');
    const { retry } = longWait();
    await using ftp = clientOf(server, { retry });
    const error = await observe(ftp.retr$('/a', { resume: true, deadlineMs: 1500 })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', afterMs: 1500, bytes: 30_000 });
  });

  it('in a later try', async () => {
    await using server = await dropped('RETR');
    server.fail('RETR', { stall: 'data', afterBytes: 40_000 });
    await using ftp = clientOf(server, { deadlineMs: 2000 });
    const error = await observe(ftp.retr$('/a', { resume: true })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', afterMs: 2000, bytes: 65_904 });
    expect(transfers(server).filter((line) => line.startsWith('RETR'))).toHaveLength(2);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });
});

describe('the logins of a transfer with resume', () => {
  it.each([
    ['as many as the policy allows, once', { attempts: 3, delayMs: 0 }, 3],
    ['by the defaults, where retry is false', false, 4],
    ['none, where the policy has one try', { attempts: 1 }, 0],
  ] as const)('are %s', async (_how, retry, logins) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await using server = await dropped('RETR');
    await using ftp = clientOf(server, { retry });
    ftp.events$.subscribe((event) => {
      if (event.type === 'transfer-ended') server.on('PASS', () => '421 Not now.');
    });
    const error = await observe(ftp.retr$('/a', { resume: true })).failed;
    expect(error).toMatchObject({ transient: true, bytes: 30_000 });
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(1 + logins);
  });
});

describe('on a session of connect$', () => {
  it('the transfer goes on after the loss of the data connection', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await using server = await serverOf({ '/a': whole });
    server.fail('RETR', { reset: 'data', afterBytes: 30_000 });
    const session = observe(connect$(server.options));
    const ftp = await session.nth(1);
    const bytes = await lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(collectBytes()));
    expect(Buffer.compare(bytes, whole)).toBe(0);
    session.unsubscribe();
  });

  it('the loss of the session is the end', async () => {
    await using server = await dropped('RETR');
    const session = observe(connect$(server.options));
    const ftp = await session.nth(1);
    expect(await observe(ftp.retr$('/a', { resume: true })).failed).toMatchObject({ bytes: 30_000 });
    await session.ended;
    expect(transfers(server)).toEqual(['RETR /a']);
  });
});

describe('a download with resume is a byte stream as any', () => {
  async function cutTwice(): Promise<TestServer> {
    const server = await dropped('RETR');
    server.fail('RETR', CUT);
    return server;
  }

  it('for await', async () => {
    await using server = await cutTwice();
    await using ftp = clientOf(server);
    const chunks: Uint8Array[] = [];
    for await (const chunk of ftp.retr$('/a', { resume: true })) chunks.push(chunk);
    expect(Buffer.compare(Buffer.concat(chunks), whole)).toBe(0);
  });

  it.each<[string, (ftp: FtpClient, to: Writable) => Promise<unknown>]>([
    ['pipe', (ftp, to) => once(ftp.retr$('/a', { resume: true }).pipe(to), 'finish')],
    ['retr and pipeline', (ftp, to) => pipeline(ftp.retr('/a', { resume: true }), to)],
    [
      'toWritable',
      (ftp, to) => lastValueFrom(ftp.retr$('/a', { resume: true }).pipe(toWritable(to)), { defaultValue: undefined }),
    ],
  ])('into a slow Writable by %s', async (_how, write) => {
    await using server = await cutTwice();
    await using ftp = clientOf(server);
    const chunks: Uint8Array[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        chunks.push(Uint8Array.from(chunk));
        setImmediate(done);
      },
    });
    await write(ftp, slow);
    expect(Buffer.compare(Buffer.concat(chunks), whole)).toBe(0);
  });

  it('held by pause$ in a drop, and until the next try', async () => {
    await using server = await serverOf({ '/a': whole });
    server.fail('RETR', { cut: 'data', afterBytes: 30_000 });
    await using ftp = clientOf(server);
    const pause$ = new BehaviorSubject(false);
    let isHeld = false;
    ftp.events$.subscribe(({ type }) => {
      if (type !== 'resuming') return;
      isHeld = true;
      pause$.next(true);
      setImmediate(() => {
        isHeld = false;
        pause$.next(false);
      });
    });
    const while$ = observe(ftp.retr$('/a', { resume: true, pause$ }), { next: () => expect(isHeld).toBe(false) });
    await while$.ended;
    expect(Buffer.compare(Buffer.concat(while$.values), whole)).toBe(0);
  });
});
