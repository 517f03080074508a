/** `transfer-started` and `transfer-ended`, of every operation that moves bytes over a data connection, however it ends. */
import diagnostics from 'node:diagnostics_channel';
import { from, lastValueFrom, type Observable, switchMap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient, FtpEvent, FtpOperations, TransferEndedEvent, TransferStartedEvent } from '../../lib/index.js';
import { Latch } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { type Handler, scriptedServer } from '../support/scripted-server.js';
import { clientOf, clientOfTwoSessions, sessionOf } from './support/open.js';

const files = { '/a': 'hello world', '/dir/b': 'b', '/text': 'one\r\ntwo\r\n', '/-d/c': 'c' };

type TransferEvent = FtpEvent & (TransferStartedEvent | TransferEndedEvent);

function isOfTransfer(event: FtpEvent): event is TransferEvent {
  return event.type === 'transfer-started' || event.type === 'transfer-ended';
}

/** What is told of transfers until the spec has enough. */
function transfersOf(ftp: FtpOperations) {
  const events = observe(ftp.events$, { name: 'events$' });
  return {
    get values(): TransferEvent[] {
      return events.values.filter(isOfTransfer);
    },
    /** How each of them has ended, in the order in which they ended. */
    get ends(): string[] {
      return events.values.flatMap((event) => (event.type === 'transfer-ended' ? [event.end] : []));
    },
    all: events,
    [Symbol.dispose]: () => events.unsubscribe(),
  };
}

/** Sends a part of a file, and then does what the spec wants. */
function begun(then: Handler): Handler {
  return async (session, argument, command) => {
    await session.reply('150 Opening (11 bytes).');
    await session.sendData('hello', { end: 'open' });
    await then(session, argument, command);
  };
}

/** Until the client breaks the data connection off. */
const untilBroken: Handler = async (session) => {
  const socket = await session.data();
  await new Promise<unknown>((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));
  await session.reply('426 Broken off.');
};

describe('the two events of a transfer', () => {
  it('tell what begins, and what came of it', async () => {
    await using server = await scriptedServer({ files });
    server.on('RETR', async (session) => {
      await session.reply('150 Opening (11 bytes).');
      await session.sendData('hello world');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    await observe(ftp.retr$('/a')).settled;
    const [started, ended] = transfers.values;
    const context = { at: expect.any(Number), session: 1, id: 1 };
    expect([started, ended]).toEqual([
      { ...context, type: 'transfer-started', direction: 'download', path: '/a', total: 11 },
      {
        ...context,
        type: 'transfer-ended',
        bytes: 11,
        ms: expect.any(Number),
        end: 'complete',
        verified: true,
        verifiedBy: 'size',
      },
    ]);
    const { ms } = ended as TransferEndedEvent;
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeCloseTo((ended?.at ?? 0) - (started?.at ?? 0), -2);
  });

  interface Told {
    readonly path: string;
    readonly direction?: 'upload';
    readonly total?: number;
    readonly bytes: number;
    readonly verified?: boolean;
  }

  it.each<[string, (ftp: FtpClient) => Observable<unknown>, Told]>([
    [
      'retr$ of a known size',
      (ftp) => ftp.retr$('/a', { size: 11 }),
      { path: '/a', total: 11, bytes: 11, verified: true },
    ],
    ['retr$ of a part', (ftp) => ftp.retr$('/a', { start: 2, end: 6, size: 11 }), { path: '/a', total: 4, bytes: 4 }],
    ['retr$ of the rest', (ftp) => ftp.retr$('/a', { start: 2 }), { path: '/a', bytes: 9, verified: true }],
    ['retrLines$', (ftp) => ftp.retrLines$('/text'), { path: '/text', bytes: 10 }],
    ['list$', (ftp) => ftp.list$('/dir', { args: '-a' }), { path: '/dir', bytes: expect.any(Number) }],
    ['list$ of here', (ftp) => ftp.list$(undefined, { args: '-a' }), { path: '', bytes: expect.any(Number) }],
    ['nlst$', (ftp) => ftp.nlst$('-d'), { path: '-d', bytes: expect.any(Number) }],
    ['mlsd$', (ftp) => ftp.mlsd$(), { path: '', bytes: expect.any(Number) }],
    ['entries$', (ftp) => ftp.entries$('/dir'), { path: '/dir', bytes: expect.any(Number) }],
    ['stor$', (ftp) => ftp.stor$('/new', 'hello'), { path: '/new', direction: 'upload', total: 5, bytes: 5 }],
    [
      'stor$ that is verified',
      (ftp) => ftp.stor$('/new', from(['he', 'llo']), { verify: 'size' }),
      { path: '/new', direction: 'upload', bytes: 5, verified: true },
    ],
    ['storLines$', (ftp) => ftp.storLines$('/new', ['x']), { path: '/new', direction: 'upload', bytes: 3 }],
    ['appe$', (ftp) => ftp.appe$('/a', '!'), { path: '/a', direction: 'upload', total: 1, bytes: 1 }],
    ['stou$', (ftp) => ftp.stou$('hello'), { path: '', direction: 'upload', total: 5, bytes: 5 }],
    [
      'transfer$ that receives',
      (ftp) => ftp.transfer$('RETR /a').pipe(switchMap(({ bytes }) => bytes)),
      { path: '/a', total: 11, bytes: 11, verified: true },
    ],
    [
      'transfer$ that sends',
      (ftp) => ftp.transfer$('STOR /new', { source: 'hello' }),
      { path: '/new', direction: 'upload', total: 5, bytes: 5 },
    ],
  ])('are told of %s', async (_name, run, { path, direction = 'download', total, bytes, verified = false }) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    await observe(run(ftp)).settled;
    const [started, ended, ...more] = transfers.values;
    expect(started).toMatchObject({ type: 'transfer-started', direction, path });
    expect((started as TransferStartedEvent).total).toBe(total);
    expect(ended).toMatchObject({ type: 'transfer-ended', bytes, end: 'complete', verified });
    expect(more).toEqual([]);
  });

  it('have another number for each transfer of a client, on whichever session', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await clientOfTwoSessions(server);
    const bothThere = server.received('RETR', 2);
    server.on('RETR', async (_session, _argument, command) => {
      await bothThere;
      await command.byDefault();
    });
    using transfers = transfersOf(ftp);
    const running = [observe(ftp.retr$('/a')), observe(ftp.retr$('/dir/b'))];
    for (const { settled } of running) await settled;
    await observe(ftp.retr$('/text')).settled;
    const started = transfers.values.filter(({ type }) => type === 'transfer-started');
    const ended = transfers.values.filter(({ type }) => type === 'transfer-ended');
    expect(started.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(new Set(started.slice(0, 2).map(({ session }) => session)).size).toBe(2);
    const placeOf = ({ id, session }: TransferEvent): string => `${id} on ${session}`;
    expect(ended.map(placeOf).sort()).toEqual(started.map(placeOf));
  });

  it('are told of the listing alone where the server refuses the better one', async () => {
    await using server = await scriptedServer({ files });
    server.answer('MLSD', '502 Unknown.');
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    await observe(ftp.entries$('/dir')).settled;
    expect(transfers.values.map(({ type }) => type)).toEqual(['transfer-started', 'transfer-ended']);
  });

  it('are told to those who were there at the beginning', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    server.once('RETR', begun(untilBroken));
    const download = observe(ftp.retr$('/a'));
    await download.nth(1);
    using transfers = transfersOf(ftp);
    download.unsubscribe();
    await observe(ftp.pwd$()).settled;
    expect(transfers.values).toEqual([]);
  });

  it('are published for the process, without a subscriber', async () => {
    const published: unknown[] = [];
    const keep = (message: unknown): void => void published.push(message);
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    diagnostics.subscribe('rxftp:event', keep);
    await observe(ftp.stor$('/new', 'hello')).settled;
    diagnostics.unsubscribe('rxftp:event', keep);
    const context = { id: 1, session: 1, at: expect.any(Number) };
    expect(published.slice(-2)).toEqual([
      { ...context, type: 'transfer-started', direction: 'upload', path: '/new', total: 5 },
      { ...context, type: 'transfer-ended', bytes: 5, ms: expect.any(Number), end: 'complete', verified: false },
    ]);
  });
});

describe('neither event is told of a transfer', () => {
  it('that the server refuses, also when that shows that nothing was left to transfer', async () => {
    await using server = await scriptedServer({ files });
    server.answer('RETR', '550 No.');
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    await observe(ftp.retr$('/a')).failed;
    expect(await observe(ftp.retr$('/a', { start: 11, size: 11 })).settled).toEqual([]);
    expect(transfers.values).toEqual([]);
  });

  it('that is left before the server has accepted it', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    const download = observe(ftp.retr$('/a'));
    server.once('RETR', async (session, ...command) => {
      download.unsubscribe();
      await session.reply('150 Opening (11 bytes).');
      await untilBroken(session, ...command);
    });
    await observe(ftp.pwd$()).settled;
    expect(transfers.values).toEqual([]);
  });
});

describe('a transfer that is left has been cancelled', () => {
  it.each<[string, (ftp: FtpClient, download: { unsubscribe(): void }, signal: AbortController) => void]>([
    ['by its subscriber', (_ftp, download) => download.unsubscribe()],
    ['by its signal', (_ftp, _download, signal) => signal.abort()],
    ['by abor$', (ftp) => void observe(ftp.abor$())],
    ['by the close of the client', (ftp) => void lastValueFrom(ftp.close$())],
  ])('%s', async (_name, leave) => {
    await using server = await scriptedServer({ files });
    server.once('RETR', begun(untilBroken));
    await using ftp = clientOf(server);
    const transfers = transfersOf(ftp);
    const controller = new AbortController();
    const download = observe(ftp.retr$('/a', { signal: controller.signal }));
    await download.nth(1);
    leave(ftp, download, controller);
    await download.ended;
    await lastValueFrom(ftp.close$());
    await transfers.all.settled;
    expect(transfers.values).toMatchObject([
      { id: 1, type: 'transfer-started', path: '/a', total: 11 },
      { id: 1, type: 'transfer-ended', bytes: 5, end: 'cancelled', verified: false },
    ]);
  });
});

describe('a transfer has failed', () => {
  const short: Handler = async (session) => {
    await session.reply('150 Opening (11 bytes).');
    await session.sendData('hello');
    await session.reply('226 Done.');
  };
  const reset: Handler = async (session) => {
    session.link?.reset();
    await session.reply('426 Broken.');
  };

  it.each<[string, (arrived: Promise<unknown>) => Handler]>([
    [
      'when the server breaks it off',
      (arrived) => begun((session) => arrived.then(() => session.reply('426 Broken.'))),
    ],
    ['when the data connection breaks', (arrived) => begun((...command) => arrived.then(() => reset(...command)))],
    ['when too few bytes came', () => short],
    ['when the session is lost', (arrived) => begun((session) => arrived.then(() => session.closeControl()))],
  ])('%s', async (_name, script) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    const arrival = new Latch();
    server.once('RETR', script(arrival.opened));
    await observe(ftp.retr$('/a'), { next: () => arrival.open() }).failed;
    expect(transfers.values).toMatchObject([
      { id: 1, type: 'transfer-started', total: 11 },
      { id: 1, type: 'transfer-ended', bytes: 5, end: 'failed', verified: false },
    ]);
  });

  it.each([
    ['when nothing moves', { stallTimeoutMs: 300 }],
    ['when its deadline has passed', { deadlineMs: 300 }],
  ])('%s', async (_name, limit) => {
    await using server = await scriptedServer({ files });
    server.once('RETR', begun(untilBroken));
    await using ftp = clientOf(server, limit);
    using transfers = transfersOf(ftp);
    expect(await observe(ftp.retr$('/a')).failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', bytes: 5 });
    expect(transfers.values.at(-1)).toMatchObject({ id: 1, bytes: 5, end: 'failed' });
  });

  it('when its source has failed', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    await observe(
      ftp.stor$(
        '/new',
        throwError(() => new Error('no more')),
      ),
    ).failed;
    expect(transfers.ends).toEqual(['failed']);
  });

  it('when an upload turns out to have another size', async () => {
    await using server = await scriptedServer({ files });
    server.answer('SIZE', '213 4');
    await using ftp = clientOf(server);
    using transfers = transfersOf(ftp);
    await observe(ftp.stor$('/new', 'hello', { verify: 'size' })).failed;
    expect(transfers.values.at(-1)).toMatchObject({ bytes: 5, end: 'failed', verified: false });
  });
});

it('a session alone tells the end of its transfer when it is lost, and then completes', async () => {
  await using server = await scriptedServer({ files });
  const { ftp } = await sessionOf(server);
  const events = observe(ftp.events$);
  server.once(
    'RETR',
    begun((session) => session.closeControl()),
  );
  await observe(ftp.retr$('/a')).failed;
  const told = (await events.settled).map(({ type }) => type);
  expect(told).toEqual(['transfer-started', 'closed', 'transfer-ended']);
});

it('an observer may cancel the transfer whose beginning it is told', async () => {
  await using server = await scriptedServer({ files });
  await using ftp = clientOf(server);
  using transfers = transfersOf(ftp);
  const download = observe(ftp.retr$('/a'));
  const watching = ftp.events$.subscribe(({ type }) => type === 'transfer-started' && download.unsubscribe());
  await observe(ftp.pwd$()).settled;
  watching.unsubscribe();
  expect(transfers.ends).toEqual(['cancelled']);
});
