/** `transferKeepAliveMs`, with a clock that the spec turns and sockets that are real. */
import { BehaviorSubject, filter, firstValueFrom, Subject } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpConnectionError, FtpProtocolError, FtpTimeoutError, FtpTransferError } from '../../lib/errors.js';
import { type ClientOptions, type Connected, connected, Latch } from '../control/support/connected.js';
import { type Observation, observe } from '../support/observe.js';
import type { Handler, Session } from '../support/scripted-server.js';
import { fetch } from './support/fetch.js';

const keepAliveMs = 10_000;
const options: ClientOptions = { transferKeepAliveMs: keepAliveMs, stallTimeoutMs: 1_000_000 };
const files = { '/file': 'the content of a file' };
const content = 'the content of the other';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

/** How a server answers NOOPs. */
interface Way {
  /** While a transfer runs; missing where the server does not read its control connection then. */
  readonly during?: readonly string[];
  readonly behind: readonly string[];
  /** The replies to two NOOPs come with the final reply of the transfer. */
  readonly withTheEnd?: boolean;
}

const ways: Readonly<Record<string, Way>> = {
  'at once': { during: ['200 Ok.'], behind: ['200 Ok.'] },
  'at once, by 500': { during: ['500 Unknown command.'], behind: ['200 Ok.'] },
  'at once, twice': { during: ['200 Ok.', '200 Ok.'], behind: ['200 Ok.'] },
  'at once, twice by 500': { during: ['500 What?', '500 What?'], behind: ['200 Ok.'] },
  'behind the transfer': { behind: ['200 Ok.'] },
  'behind the transfer, twice': { behind: ['200 Ok.', '200 Ok.'] },
  'with its end': { during: [], behind: ['200 Ok.'], withTheEnd: true },
  'never during a transfer': { during: [], behind: ['200 Ok.'] },
};
const everyWay = Object.entries(ways);

/** A transfer on a session whose server answers NOOPs in one way. */
interface Kept extends AsyncDisposable {
  readonly at: Connected;
  /** The data of the transfer goes on, to its end. */
  readonly go: Latch;
  readonly begun: Promise<unknown>;
}

/** The server ends its next transfer by `final`; without, it waits for the client to break it off. */
async function kept(verb: string, way: Way, final: string | undefined, more: ClientOptions = {}): Promise<Kept> {
  const go = new Latch();
  let runs = false;
  const move = async (session: Session): Promise<void> => {
    if (final === undefined || verb === 'STOR') await session.receiveData();
    else await session.sendData(verb === 'NLST' ? `${content}\r\n` : content);
  };
  const transfer: Handler = async (session) => {
    await session.rawData();
    runs = true;
    await session.reply('150 Here.');
    if (final !== undefined) await go.opened;
    await move(session);
    runs = false;
    const late = way.withTheEnd === true ? ['200 Ok.', '200 Ok.'] : [];
    await session.reply(final ?? '426 Broken off.', ...late);
  };
  const noop: Handler = (session) => {
    const lines = (runs ? way.during : undefined) ?? way.behind;
    return lines.length > 0 ? session.reply(...lines) : undefined;
  };
  const outOfTurn = way.during === undefined ? [] : ['NOOP'];
  const at = await connected({ files, outOfTurn }, { ...options, ...more }, (server) =>
    server.once(verb, transfer).on('NOOP', noop),
  );
  const begun = firstValueFrom(at.ftp.reply$.pipe(filter(({ code }) => code === 150)));
  return { at, go, begun, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
}

/** Two NOOPs go out, each when its time has come; what is answered at once has come in. */
async function twoNoops({ at, begun }: Kept, { during = [] }: Way): Promise<void> {
  await begun;
  const answers = observe(at.ftp.reply$);
  for (const nth of [1, 2]) {
    await vi.advanceTimersByTimeAsync(keepAliveMs - 1);
    expect(noopsIn(at)).toBe(nth - 1);
    await vi.advanceTimersByTimeAsync(1);
    await at.server.received('NOOP', nth);
    if (during.length > 0) await answers.nth(nth * during.length);
  }
  answers.unsubscribe();
}

const noopsIn = ({ commands }: Connected): number => commands.filter((line) => line === 'NOOP').length;

/** The end of a transfer; the clock turns meanwhile. */
async function endOf<T>(transfer: Observation<T>): Promise<Observation<T>> {
  await vi.waitUntil(() => transfer.end !== undefined, { timeout: 20_000, interval: 5 });
  return transfer;
}

/** The next commands get their own replies. */
async function expectInStep({ at }: Kept): Promise<void> {
  vi.useRealTimers();
  expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  expect(await firstValueFrom(at.ftp.size$('/file'))).toBe(files['/file'].length);
  expect(await fetch(at, '/file')).toBe(files['/file']);
  expect(at.status).toBe('idle');
}

const textOf = ({ values }: Observation<Uint8Array>): string => Buffer.concat(values).toString();

describe.each(everyWay)('a server that answers NOOPs %s', (_name, way) => {
  it.each(['226 Done.', '250 Done.'])('ends a download by %s', async (final) => {
    await using it = await kept('RETR', way, final);
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    it.go.open();
    expect(textOf(await endOf(download))).toBe(content);
    expect(download.end).toBe('complete');
    await expectInStep(it);
  });

  it.each(['451 No.', '552 No.'])('refuses a download by %s', async (final) => {
    await using it = await kept('RETR', way, final);
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    it.go.open();
    await endOf(download);
    expect(download.error).toBeInstanceOf(FtpTransferError);
    expect((download.error as FtpTransferError).reply?.code).toBe(Number(final.slice(0, 3)));
    await expectInStep(it);
  });

  it.each(['226 Done.', '451 No.'])('ends an upload by %s', async (final) => {
    await using it = await kept('STOR', way, final);
    const source = new Subject<string>();
    const upload = observe(it.at.ftp.stor$('/other', source));
    await twoNoops(it, way);
    it.go.open();
    source.next(content);
    source.complete();
    await endOf(upload);
    expect(upload.end).toBe(final.startsWith('2') ? 'complete' : 'error');
    await expectInStep(it);
  });

  it('may be left in the middle of a download', async () => {
    await using it = await kept('RETR', way, undefined);
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    download.unsubscribe();
    await vi.waitUntil(() => it.at.status === 'idle', { timeout: 20_000, interval: 5 });
    expect(it.at.commands.slice(-2)).toEqual(['ABOR', 'PWD']);
    await expectInStep(it);
  });

  it('may be left in the middle of an upload', async () => {
    await using it = await kept('STOR', way, undefined);
    const upload = observe(it.at.ftp.stor$('/other', new Subject<string>()));
    await twoNoops(it, way);
    upload.unsubscribe();
    await vi.waitUntil(() => it.at.status === 'idle', { timeout: 20_000, interval: 5 });
    await expectInStep(it);
  });
});

describe('a server that ends a transfer by 200', () => {
  const once = everyWay.filter(([name]) => !/^(never|behind the transfer, twice)/.test(name));

  it.each(once)('and answers NOOPs %s, is understood', async (_name, way) => {
    await using it = await kept('RETR', way, '200 Done.');
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    it.go.open();
    expect(textOf(await endOf(download))).toBe(content);
    expect(download.end).toBe('complete');
    await expectInStep(it);
  });

  it('and answers twice, a NOOP of the fence too, leaves it unknown', async () => {
    const way = { behind: ['200 Ok.', '200 Ok.'] };
    await using it = await kept('RETR', way, '200 Done.');
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    it.go.open();
    await endOf(download);
    expect(download.error).toBeInstanceOf(FtpProtocolError);
    expect(download.error).toMatchObject({ outcome: 'unknown' });
    await expectInStep(it);
  });

  it('and never answers NOOPs, is late: its 200 counts for a NOOP', async () => {
    const way = { during: [], behind: ['200 Ok.'] };
    await using it = await kept('RETR', way, '200 Done.', { replyTimeoutMs: 5_000 });
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    const ended = it.at.server.event('data-ended');
    it.go.open();
    await ended;
    await endOf(download);
    expect(download.error).toBeInstanceOf(FtpTimeoutError);
    expect(String(download.error)).toContain('needs transferKeepAliveMs: 0');
    expect(it.at.status).toBe('closed');
  });
});

describe('a NOOP', () => {
  const atOnce: Way = { during: ['200 Ok.'], behind: ['200 Ok.'] };
  const noopsAfter = async (at: Connected, times: number): Promise<number> => {
    const before = noopsIn(at);
    for (let nth = 1; nth <= times; nth += 1) {
      await vi.advanceTimersByTimeAsync(keepAliveMs);
      await at.server.received('NOOP', before + nth);
    }
    return noopsIn(at);
  };

  it('goes out while the consumer holds the transfer', async () => {
    await using it = await kept('RETR', atOnce, '226 Done.');
    const pause$ = new BehaviorSubject(true);
    const download = observe(it.at.ftp.retr$('/other', { pause$ }));
    await it.begun;
    expect(await noopsAfter(it.at, 3)).toBe(3);
    it.go.open();
    pause$.next(false);
    expect(textOf(await endOf(download))).toBe(content);
    await expectInStep(it);
  });

  it('goes out between the end of the data and the final reply', async () => {
    const go = new Latch();
    await using at = await connected({ files, outOfTurn: ['NOOP'] }, options, (server) =>
      server.once('RETR', async (session) => {
        await session.reply('150 Here.');
        await session.sendData(content);
        await go.opened;
        await session.reply('226 Done.');
      }),
    );
    const download = observe(at.ftp.retr$('/other'));
    await download.nth(1);
    await at.server.event('data-ended');
    expect(await noopsAfter(at, 2)).toBe(2);
    go.open();
    expect(textOf(await endOf(download))).toBe(content);
  });

  it('puts the limit for the final reply off by nothing, answered or not', async () => {
    await using at = await connected({ files, outOfTurn: ['NOOP'] }, { ...options, replyTimeoutMs: 25_000 }, (server) =>
      server.once('RETR', async (session) => {
        await session.reply('150 Here.');
        await session.sendData(content);
      }),
    );
    const download = observe(at.ftp.retr$('/other'));
    await download.nth(1);
    await at.server.event('data-ended');
    expect(await noopsAfter(at, 2)).toBe(2);
    await vi.advanceTimersByTimeAsync(5_000);
    await endOf(download);
    expect(download.error).toMatchObject({ phase: 'reply', afterMs: 25_000 });
  });

  it.each<ClientOptions>([
    { stallTimeoutMs: 25_000 },
    { minRate: { bytesPerSecond: 1, overMs: 25_000 } },
  ])('puts off no time limit of the data: %j', async (limit) => {
    await using it = await kept('RETR', atOnce, undefined, limit);
    const download = observe(it.at.ftp.retr$('/other'));
    await it.begun;
    expect(await noopsAfter(it.at, 2)).toBe(2);
    await vi.advanceTimersByTimeAsync(5_000);
    await endOf(download);
    expect(download.error).toMatchObject({ phase: 'data', afterMs: 25_000 });
    await expectInStep(it);
  });

  it('waits anew behind a line that is no reply', async () => {
    await using it = await kept('RETR', atOnce, '226 Done.');
    const download = observe(it.at.ftp.retr$('/other'));
    const skipped = firstValueFrom(it.at.ftp.events$.pipe(filter(({ type }) => type === 'skipped')));
    await it.begun;
    await vi.advanceTimersByTimeAsync(keepAliveMs - 1);
    await it.at.server.sessions[0]?.reply('no reply at all');
    await skipped;
    await vi.advanceTimersByTimeAsync(keepAliveMs - 1);
    expect(noopsIn(it.at)).toBe(0);
    expect(await noopsAfter(it.at, 1)).toBe(1);
    it.go.open();
    expect(textOf(await endOf(download))).toBe(content);
  });

  it('goes out in a listing too', async () => {
    await using it = await kept('NLST', atOnce, '226 Done.');
    const names = observe(it.at.ftp.nlst$());
    await it.begun;
    expect(await noopsAfter(it.at, 1)).toBe(1);
    it.go.open();
    expect((await endOf(names)).values).toEqual([content]);
    await expectInStep(it);
  });

  it('is never sent by default', async () => {
    await using it = await kept('RETR', atOnce, '226 Done.', { transferKeepAliveMs: undefined });
    const download = observe(it.at.ftp.retr$('/other'));
    await it.begun;
    await vi.advanceTimersByTimeAsync(900_000);
    it.go.open();
    expect(textOf(await endOf(download))).toBe(content);
    expect(noopsIn(it.at)).toBe(0);
  });
});

describe('a connection', () => {
  it('that is lost while NOOPs are unanswered fails the transfer as ever', async () => {
    const way: Way = { during: [], behind: [] };
    await using it = await kept('RETR', way, '226 Done.');
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    await it.at.server.sessions[0]?.closeControl('rst');
    await endOf(download);
    expect(download.error).toBeInstanceOf(FtpConnectionError);
    expect(download.error).toMatchObject({ channel: 'control', phase: 'transfer' });
    it.go.open();
  });

  it('to a server that answers no NOOP at all is closed behind a whole transfer', async () => {
    const way: Way = { during: [], behind: [] };
    await using it = await kept('RETR', way, '226 Done.');
    const download = observe(it.at.ftp.retr$('/other'));
    await twoNoops(it, way);
    it.go.open();
    expect(textOf(await endOf(download))).toBe(content);
    expect(download.end).toBe('complete');
    await it.at.server.received('NOOP', 3);
    await vi.advanceTimersByTimeAsync(5_000);
    await it.at.server.event('control-closed');
    expect(it.at.state.values.at(-1)).toMatchObject({ status: 'closed', cause: expect.any(FtpProtocolError) });
  });

  it('lets the commands of the same work wait until it is in step', async () => {
    const way: Way = { behind: ['200 Ok.'] };
    await using it = await kept('RETR', way, '226 Done.');
    it.at.server.once('SIZE', (session) => session.reply(`213 ${content.length}`));
    const download = observe(it.at.ftp.retr$('/other', { verify: 'size' }));
    await twoNoops(it, way);
    it.go.open();
    expect(textOf(await endOf(download))).toBe(content);
    expect(download.end).toBe('complete');
    await expectInStep(it);
  });
});
