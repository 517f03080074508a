/** Transfers that are held by their own user for an operation that waits for their session, and would wait for ever. */
import { concatMap, defer, EMPTY, filter, lastValueFrom, NEVER, Observable } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { READ_AHEAD_BYTES } from '../../../lib/client/operations/run-listing.js';
import { type FtpClient, type FtpOperations, FtpTimeoutError, paced } from '../../../lib/index.js';
import { type Observation, observe } from '../../support/observe.js';
import { type ScriptedServer, type Session, scriptedServer } from '../../support/scripted-server.js';
import { clientOf, sessionOf } from '../support/open.js';
import { aWhile, pass } from '../support/waits.js';

const stallTimeoutMs = 8_000;
const files = { '/a': Buffer.alloc(3_000_000, 'a'), '/b': 'of b' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

/** Lets in the first session alone. */
async function oneSession(session: Session): Promise<void> {
  if (session.id === 1) return session.reply('220 rxftp test server');
  await session.reply('421 Too many connections.');
  await session.closeControl();
}

const start = (): Promise<ScriptedServer> => scriptedServer({ files });
const client = (server: ScriptedServer, maxSessions = 1): FtpClient =>
  clientOf(server, { maxSessions, stallTimeoutMs });

/** It has not ended just before the time, and ends by it. */
async function expectHeld<T>(
  it: Observation<T>,
  verb: string,
  advice = 'give the client more sessions (maxSessions: 2)',
): Promise<void> {
  await pass(stallTimeoutMs - 1);
  expect(it.end).toBeUndefined();
  await pass(1);
  await turnClock(() => it.end !== undefined);
  const error = await it.failed;
  expect(error).toBeInstanceOf(FtpTimeoutError);
  expect(error).toMatchObject({ phase: 'data', afterMs: stallTimeoutMs, command: verb, transient: false });
  expect(String(error)).toContain('while other operations waited for its session');
  expect(String(error)).toContain(advice);
}

/** Lets an abort happen, whose waits are timers too. */
async function turnClock(over: () => boolean): Promise<void> {
  await vi.waitUntil(over, { timeout: 10_000, interval: 5 });
}

async function expectInStep(server: ScriptedServer, ftp: FtpOperations): Promise<void> {
  const size = observe(ftp.size$('/b'));
  await turnClock(() => size.end !== undefined);
  expect(await size.settled).toEqual([4]);
  expect(server.sessions).toHaveLength(1);
}

describe('a transfer that waits for its own session', () => {
  it('is a download for whose chunks size$ is asked', async () => {
    await using server = await start();
    await using ftp = client(server);
    const copy = observe(ftp.retr$('/a').pipe(paced(() => ftp.size$('/b'))));
    await server.received('RETR');
    await aWhile();
    await expectHeld(copy, 'RETR /a');
    await expectInStep(server, ftp);
  });

  it('is a download in whose loop size$ is asked, which then runs', async () => {
    await using server = await start();
    await using ftp = client(server);
    const sizes: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const _chunk of ftp.retr$('/a')) sizes.push(await lastValueFrom(ftp.size$('/b')));
    };
    let failure: unknown;
    const done = loop().catch((error: unknown) => {
      failure = error;
    });
    await server.received('RETR');
    await aWhile();
    await pass(stallTimeoutMs);
    await turnClock(() => failure !== undefined);
    await done;
    expect(failure).toBeInstanceOf(FtpTimeoutError);
    // What has come before the transfer was broken off is still handed on.
    expect(new Set(sizes)).toEqual(new Set([4]));
    await expectInStep(server, ftp);
  });

  it('is an upload from a download of the same client', async () => {
    await using server = await start();
    await using ftp = client(server);
    const copy = observe(ftp.stor$('/c', ftp.retr$('/a')));
    await server.received('STOR');
    await aWhile();
    await expectHeld(copy, 'STOR /c');
    await expectInStep(server, ftp);
    expect(server.commands.some((line) => line.startsWith('RETR'))).toBe(false);
  });

  it('is such an upload whose partial file is not wanted', async () => {
    await using server = await start();
    await using ftp = client(server);
    const copy = observe(ftp.stor$('/c', ftp.retr$('/a'), { deletePartial: true }));
    await server.received('STOR');
    await aWhile();
    await expectHeld(copy, 'STOR /c');
    expect(server.tree.file('/c')).toBeUndefined();
  });

  it('is one of a session of connect$', async () => {
    await using server = await start();
    await using open = await sessionOf(server, { stallTimeoutMs });
    const copy = observe(open.ftp.retr$('/a').pipe(paced(() => open.ftp.size$('/b'))));
    await server.received('RETR');
    await aWhile();
    await expectHeld(copy, 'RETR /a', 'use FtpClient with maxSessions: 2 in place of connect$');
    await expectInStep(server, open.ftp);
  });

  it('is one of two downloads for whose chunks size$ is asked, on two sessions', async () => {
    await using server = await start();
    await using ftp = client(server, 2);
    const bothRun = server.received('RETR', 2);
    const size$ = defer(() => bothRun).pipe(concatMap(() => ftp.size$('/b')));
    const copies = [0, 1].map(() => observe(ftp.retr$('/a').pipe(paced(() => size$))));
    await bothRun;
    await aWhile();
    await pass(stallTimeoutMs);
    await turnClock(() => copies.some(({ end }) => end !== undefined));
    const held = copies.find(({ end }) => end !== undefined);
    expect(String(await held?.failed)).toContain('(maxSessions: 3)');
  });

  it('is none of two such downloads where size$ is asked before both run: one session is kept for that', async () => {
    await using server = await start();
    await using ftp = client(server, 2);
    const copies = [0, 1].map(() => observe(ftp.retr$('/a').pipe(paced(() => ftp.size$('/b')))));
    for (const { settled } of copies) expect((await settled).length).toBeGreaterThan(0);
    expect(server.sessions).toHaveLength(2);
  });

  it.each([
    ['an upload from a download', (ftp: FtpClient) => ftp.stor$('/c', ftp.retr$('/a')), 'STOR /c', 'a temporary file'],
    [
      'a download for whose chunks size$ is asked',
      (ftp: FtpClient) => ftp.retr$('/a').pipe(paced(() => ftp.size$('/b'))),
      'RETR /a',
      'collect the file first (collectBytes)',
    ],
  ])('is %s, at a server that lets in one session where maxSessions says 2', async (_what, copy$, verb, first) => {
    await using server = await scriptedServer({ files, greeting: oneSession });
    await using ftp = client(server, 2);
    const limits = observe(ftp.events$.pipe(filter(({ type }) => type === 'limit')));
    const copy = observe<unknown>(copy$(ftp));
    await server.received(verb.slice(0, 4));
    await turnClock(() => limits.values.length > 0);
    expect(limits.values).toMatchObject([{ sessions: 1 }]);
    await pass(stallTimeoutMs);
    await turnClock(() => copy.end !== undefined);
    const error = await copy.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'data', afterMs: stallTimeoutMs, command: verb });
    expect(String(error)).toContain('the server lets in only one session at a time, whatever maxSessions says: ');
    expect(String(error)).toContain(first);
    expect(String(error)).not.toContain('more sessions');
    limits.unsubscribe();
  });

  it('is a transfer of transfer$ whose bytes nobody takes before another operation has ended', async () => {
    await using server = await start();
    await using ftp = client(server);
    const sized = observe(ftp.transfer$('RETR /a').pipe(paced(() => ftp.size$('/b'))));
    await server.received('RETR');
    await aWhile();
    await pass(stallTimeoutMs);
    await turnClock(() => sized.end !== undefined);
    expect(await sized.failed).toBeInstanceOf(FtpTimeoutError);
    await expectInStep(server, ftp);
  });

  it('is a listing that is larger than what is read ahead', async () => {
    await using server = await start();
    const line = `type=file;size=1; ${'long-'.repeat(40)}\r\n`;
    server.on('MLSD', async (session) => {
      await session.reply('150 Here.');
      await session.sendData(line.repeat(Math.ceil((3 * READ_AHEAD_BYTES) / line.length)));
      await session.reply('226 Done.');
    });
    await using ftp = client(server);
    const listing = observe(ftp.mlsd$('/').pipe(paced(() => NEVER)));
    await server.received('MLSD');
    const waiting = observe(ftp.pwd$());
    // The kernel's buffers and the memory have to be full.
    for (let turn = 0; turn < 20; turn += 1) await aWhile();
    await pass(stallTimeoutMs);
    await turnClock(() => listing.end !== undefined && waiting.end !== undefined);
    const error = await listing.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(String(error)).toMatch(/toArray/);
    expect(await waiting.settled).toEqual(['/']);
  });
});

describe('a transfer that is held, and may be', () => {
  async function holding(of$: (ftp: FtpClient) => Observable<unknown>, maxSessions = 1) {
    const server = await start();
    const ftp = client(server, maxSessions);
    const held = observe(ftp.retr$('/a').pipe(paced(() => of$(ftp))));
    await server.received('RETR');
    await aWhile();
    const end = async (): Promise<void> => {
      held.unsubscribe();
      const closed = observe(ftp.close$());
      await turnClock(() => closed.end !== undefined);
      await server.close();
    };
    return { server, ftp, held, [Symbol.asyncDispose]: end };
  }

  it('is not limited while nobody waits', async () => {
    await using at = await holding(() => NEVER);
    await pass(10 * stallTimeoutMs);
    expect(at.held.end).toBeUndefined();
  });

  it('is not limited by those who have waited, and left', async () => {
    await using at = await holding(() => NEVER);
    const size = observe(at.ftp.size$('/b'));
    await pass(stallTimeoutMs - 1);
    size.unsubscribe();
    await pass(10 * stallTimeoutMs);
    expect(at.held.end).toBeUndefined();
    // From here somebody waits again.
    const again = observe(at.ftp.size$('/b'));
    await aWhile();
    await pass(stallTimeoutMs - 1);
    expect(at.held.end).toBeUndefined();
    await pass(1);
    await turnClock(() => again.end !== undefined);
    expect(await again.settled).toEqual([4]);
    expect(await at.held.failed).toBeInstanceOf(FtpTimeoutError);
  });

  it('is not limited while it is taken now and then', async () => {
    let release = (): void => {};
    const untilReleased$ = new Observable<never>((subscriber) => {
      release = () => subscriber.complete();
    });
    await using at = await holding(() => untilReleased$);
    const size = observe(at.ftp.size$('/b'));
    for (let round = 0; round < 5; round += 1) {
      await pass(stallTimeoutMs - 1);
      expect(at.held.end).toBeUndefined();
      release();
      await aWhile();
    }
    size.unsubscribe();
  });

  it('runs to its end where there is another session', async () => {
    await using at = await holding((ftp) => ftp.size$('/b'), 2);
    await turnClock(() => at.held.end !== undefined);
    expect(at.held.end).toBe('complete');
  });

  it('is not limited when its work needs no session', async () => {
    await using at = await holding(() => EMPTY);
    const size = observe(at.ftp.size$('/b'));
    await turnClock(() => size.end !== undefined);
    expect(await size.settled).toEqual([4]);
    expect(at.held.end).toBe('complete');
  });
});
