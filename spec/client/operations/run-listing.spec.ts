/** Listings that are held by a consumer who needs the session that they come from. */
import { concat, lastValueFrom, map, mergeMap, type Observable, take, toArray } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationContext } from '../../../lib/client/operations/operation.js';
import { READ_AHEAD_BYTES, type ReadListing, runListing } from '../../../lib/client/operations/run-listing.js';
import type { ControlSession } from '../../../lib/control/control-session.js';
import { collectBytes, type FtpOperations, FtpTimeoutError, paced, toReadable } from '../../../lib/index.js';
import type { Cancellation } from '../../../lib/net/cancellation.js';
import { command } from '../../../lib/protocol/command.js';
import { Gate } from '../../../lib/streams/gate.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

const many = 400;
const names = Array.from({ length: many }, (_, n) => `${'long-'.repeat(40)}${String(n).padStart(5, '0')}`);
const few = { '/dir/a': 'of a', '/dir/b': 'of b', '/dir/c': 'of c' };

/** More than a chunk, so that a held listing stays unfinished. */
const large = (): Promise<ScriptedServer> =>
  scriptedServer({ files: Object.fromEntries(names.map((name, n) => [`/dir/${name}`, n < 3 ? name : ''])) });

const content = (ftp: FtpOperations, path: string): Observable<string> =>
  ftp.retr$(path).pipe(
    collectBytes(),
    map((bytes) => Buffer.from(bytes).toString()),
  );

const listings: Readonly<Record<string, (ftp: FtpOperations) => Observable<string>>> = {
  entries$: (ftp) => ftp.entries$('/dir').pipe(map(({ name }) => name)),
  mlsd$: (ftp) => ftp.mlsd$('/dir').pipe(map(({ name }) => name)),
  nlst$: (ftp) => ftp.nlst$('/dir').pipe(map((line) => line.replace(/^.*\//, ''))),
  list$: (ftp) => ftp.list$('/dir').pipe(map((line) => line.replace(/^.* /, ''))),
};

describe('a listing held by work that waits for its session', () => {
  it.each(Object.keys(listings))('%s is read on, so that the work gets its turn', async (kind) => {
    await using server = await scriptedServer({ files: few });
    await using ftp = clientOf(server);
    const read$ = listings[kind]?.(ftp).pipe(paced((name) => content(ftp, `/dir/${name}`)));
    expect(await lastValueFrom((read$ as Observable<string>).pipe(toArray()))).toEqual(['of a', 'of b', 'of c']);
    expect(server.sessions).toHaveLength(1);
  });

  it('on a session of connect$ too', async () => {
    await using server = await scriptedServer({ files: few });
    await using open = await sessionOf(server);
    const read$ = open.ftp.entries$('/dir').pipe(paced(({ name }) => content(open.ftp, `/dir/${name}`), 2));
    expect((await lastValueFrom(read$.pipe(toArray()))).sort()).toEqual(['of a', 'of b', 'of c']);
  });

  it('also where it is larger than a chunk', async () => {
    await using server = await large();
    await using ftp = clientOf(server);
    const sized$ = ftp.entries$('/dir').pipe(paced(({ name }) => ftp.size$(`/dir/${name}`).pipe(map(() => name))));
    const found = await lastValueFrom(sized$.pipe(toArray()));
    expect(found.sort()).toEqual(names);
    expect(server.commands.filter((line) => line.startsWith('SIZE'))).toHaveLength(many);
  });

  it('also in another listing, and in its own loop', async () => {
    await using server = await scriptedServer({ files: { '/x/a': '1', '/y/b': '2' } });
    await using ftp = clientOf(server);
    const nested$ = ftp
      .entries$('/')
      .pipe(
        paced(({ name: dir }) => ftp.entries$(`/${dir}`).pipe(paced(({ name }) => content(ftp, `/${dir}/${name}`)))),
      );
    expect(await lastValueFrom(nested$.pipe(toArray()))).toEqual(['1', '2']);
    const found: string[] = [];
    for await (const name of toReadable<string>({ objectMode: true, highWaterMark: 1 })(ftp.nlst$('/x'))) {
      found.push(name, await lastValueFrom(content(ftp, '/x/a')));
    }
    expect(found.slice(-1)).toEqual(['1']);
  });

  it('also with two of them on two sessions', async () => {
    await using server = await scriptedServer({ files: few });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const each$ = ftp.entries$('/dir').pipe(paced(({ name }) => content(ftp, `/dir/${name}`)));
    expect(await lastValueFrom(concat(each$, each$).pipe(toArray()))).toHaveLength(6);
    const both = [observe(each$), observe(each$)];
    for (const { settled } of both) expect(await settled).toHaveLength(3);
  });

  it('errors as the listing does, or the work', async () => {
    await using server = await scriptedServer({ files: few });
    await using ftp = clientOf(server);
    const missing$ = ftp.entries$('/no').pipe(paced(() => ftp.noop$()));
    expect(await observe(missing$).failed).toMatchObject({ reply: { code: 550 } });
    const failing$ = ftp.entries$('/dir').pipe(paced(({ name }) => ftp.size$(`/no/${name}`)));
    expect(await observe(failing$).failed).toMatchObject({ reply: { code: 550 } });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is left in the middle, with its lease ended or not', async () => {
    await using server = await large();
    await using ftp = clientOf(server);
    const work$ = ftp.entries$('/dir').pipe(paced(({ name }) => content(ftp, `/dir/${name}`)));
    expect(await lastValueFrom(work$.pipe(take(2), toArray()))).toHaveLength(2);
    const left = observe(work$);
    await server.received('MLSD', 2);
    left.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(left.values).toEqual([]);
    expect(server.sessions.length).toBeLessThanOrEqual(2);
  });
});

describe('a listing that is held while nobody waits', () => {
  it('holds the lease, and is read on as soon as somebody does', async () => {
    await using server = await large();
    await using ftp = clientOf(server);
    const readable = toReadable<string>({ objectMode: true, highWaterMark: 1 })(ftp.nlst$('/dir'));
    const first = await new Promise((resolve) => readable.once('readable', () => resolve(readable.read())));
    expect(first).toBe(names[0]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    const rest = await readable.toArray();
    expect(rest).toHaveLength(many - 1);
    expect(afterLogin(server).filter((line) => line === 'ABOR')).toEqual([]);
  });
});

describe('a listing that is too large to be read ahead', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  /** Runs `listing` on a session for which somebody waits, into a consumer that holds. */
  function held(read: ReadListing) {
    const end: { error?: unknown; completed?: boolean } = {};
    const gate = new Gate();
    const abort = new AbortController();
    const session = {
      settings: { stallTimeoutMs: 8000, deadlineMs: 0 },
      whenAwaited: (callback: () => void) => {
        callback();
        return () => {};
      },
    } as unknown as ControlSession;
    const host: OperationContext['host'] = {
      start: ({ work }, ended) => {
        const end = (error?: unknown): void => {
          if (!abort.signal.aborted) ended(error);
        };
        work(session, abort.signal).then(() => end(), end);
        return () => abort.abort();
      },
      interrupt: () => {},
    };
    const release = gate.hold();
    const sink = {
      buffer: () => new Uint8Array(1),
      write: () => {},
      complete: () => {
        end.completed = true;
      },
      error: (error: unknown) => {
        end.error = error;
      },
    };
    const leave = runListing({ host } as OperationContext, { command: command('LIST'), read, limits: {} }, sink, gate);
    return { end, release, leave, signal: abort.signal };
  }

  const aborted = (signal: Cancellation): Promise<void> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

  const tooLarge: ReadListing = async (_session, sink, _gate, signal) => {
    sink.write(new Uint8Array(READ_AHEAD_BYTES));
    await aborted(signal);
  };

  it('fails when it was not taken for stallTimeoutMs, and says what to do', async () => {
    const { end } = held(tooLarge);
    await vi.advanceTimersByTimeAsync(7999);
    expect(end).toEqual({});
    await vi.advanceTimersByTimeAsync(1);
    expect(end.error).toBeInstanceOf(FtpTimeoutError);
    expect(end.error).toMatchObject({ phase: 'data', afterMs: 8000, message: expect.stringContaining('toArray') });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on when it is taken in time', async () => {
    const { end, release, leave } = held(tooLarge);
    await vi.advanceTimersByTimeAsync(7999);
    release();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(end).toEqual({});
    leave();
  });

  it('is left without a trace', async () => {
    const { end, leave, signal } = held(tooLarge);
    leave();
    await vi.advanceTimersByTimeAsync(100_000);
    expect([end, signal.aborted, vi.getTimerCount()]).toEqual([{}, true, 0]);
  });
});

it('a download is not read on: its bytes have no bound', async () => {
  await using server = await scriptedServer({ files: { '/big': Buffer.alloc(4_000_000), '/small': 'x' } });
  await using ftp = clientOf(server, { maxSessions: 2 });
  const all$ = ftp.retr$('/big').pipe(paced((chunk) => ftp.size$('/small').pipe(map(() => chunk.length))));
  const bytes = await lastValueFrom(
    all$.pipe(
      mergeMap((length) => [length]),
      toArray(),
    ),
  );
  expect(bytes.reduce((sum, length) => sum + length, 0)).toBe(4_000_000);
});
