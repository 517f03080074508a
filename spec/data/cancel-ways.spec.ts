/** The many ways to leave a transfer: all of them are an unsubscription, and end on the same path. */
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  catchError,
  concat,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  NEVER,
  type Observable,
  of,
  race,
  Subject,
  switchMap,
  take,
  takeUntil,
  timeout,
} from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { type Connected, connected, Latch } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { transfer } from '../support/scripted/commands/transfers.js';
import type { Handler, ScriptedServer } from '../support/scripted-server.js';
import { fetch } from './support/fetch.js';
import { endless } from './support/moments.js';

const files = { '/file': 'the content of a file' };

/** A session whose RETR of /endless never ends, and whose STOR takes everything. */
function tireless(): Promise<Connected> {
  return connected({ files }, {}, (server) =>
    server.on('RETR', (session, path, command) => {
      if (path !== '/endless') return command.byDefault();
      return transfer(session, server, 'Here we go.', () => session.sendData('', { chunks: endless() }));
    }),
  );
}

/** The transfer was aborted on the server, by ABOR and a reset, and the session is in step. */
async function expectAborted(at: Connected): Promise<void> {
  expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
  expect(at.commands.slice(-3)).toEqual(['ABOR', 'PWD', 'PWD']);
  expect(await fetch(at, '/file')).toBe(files['/file']);
  expect(at.status).toBe('idle');
}

describe('a download is aborted by', () => {
  const bytes = ({ ftp }: Connected) => ftp.retr$('/endless');

  it('take', async () => {
    await using at = await tireless();
    expect(await observe(bytes(at).pipe(take(1))).settled).toHaveLength(1);
    await expectAborted(at);
  });

  it('unsubscribing within next', async () => {
    await using at = await tireless();
    const download = observe(bytes(at), { next: (_chunk, observation) => observation.unsubscribe() });
    expect(await download.ended).toBe('unsubscribed');
    expect(download.values).toHaveLength(1);
    await expectAborted(at);
    expect(download.values).toHaveLength(1);
  });

  it('takeUntil', async () => {
    await using at = await tireless();
    const stop = new Subject<void>();
    const download = observe(bytes(at).pipe(takeUntil(stop)));
    await download.nth(2);
    stop.next();
    expect(download.end).toBe('complete');
    await expectAborted(at);
  });

  it('timeout', async () => {
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await using at = await connected({ files }, {}, (server) =>
      server.once('RETR', (session) =>
        transfer(session, server, 'Here we go.', async () => {
          begin();
          return (await session.receiveData()).outcome;
        }),
      ),
    );
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const download = observe(at.ftp.retr$('/silent').pipe(timeout(20)));
    await begun;
    vi.advanceTimersByTime(20);
    vi.useRealTimers();
    expect(await download.failed).toMatchObject({ name: 'TimeoutError' });
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
    expect(await fetch(at, '/file')).toBe(files['/file']);
  });

  it('switchMap', async () => {
    await using at = await tireless();
    const path = new Subject<string>();
    const contents = observe(
      path.pipe(switchMap((name) => (name === '' ? EMPTY : at.ftp.retr$(name)))) as Observable<Uint8Array>,
    );
    path.next('/endless');
    await contents.nth(1);
    const before = contents.values.length;
    path.next('/file');
    path.complete();
    const values = await contents.settled;
    expect(Buffer.concat(values.slice(before)).toString()).toBe(files['/file']);
    expect(at.commands.filter((line) => line === 'ABOR')).toEqual(['ABOR']);
  });

  it('race, when something else is first', async () => {
    await using at = await tireless();
    const other = new Subject<string>();
    const winner = observe(race<(string | Uint8Array)[]>(at.ftp.stor$('/up', NEVER) as Observable<never>, other));
    await at.server.event('reply', { where: ({ text }) => text.startsWith('150') });
    other.next('me');
    other.complete();
    expect(await winner.settled).toEqual(['me']);
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
    expect(at.commands).toContain('ABOR');
    expect(await fetch(at, '/file')).toBe(files['/file']);
  });

  it('firstValueFrom', async () => {
    await using at = await tireless();
    expect((await firstValueFrom(bytes(at))).length).toBeGreaterThan(0);
    await expectAborted(at);
  });

  it('break in a for await', async () => {
    await using at = await tireless();
    for await (const chunk of bytes(at)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expectAborted(at);
  });

  it('throwing in a for await', async () => {
    await using at = await tireless();
    const reason = new Error('no more');
    const loop = async (): Promise<void> => {
      for await (const _chunk of bytes(at)) throw reason;
    };
    await expect(loop()).rejects.toBe(reason);
    await expectAborted(at);
  });

  it('an error of the operators behind it', async () => {
    await using at = await tireless();
    const broken = bytes(at).pipe(
      switchMap(() => {
        throw new Error('bad project');
      }),
      catchError(() => of('caught')),
    );
    expect(await lastValueFrom(broken)).toBe('caught');
    await expectAborted(at);
  });

  it('destroying the Node stream that it is piped into', async () => {
    await using at = await tireless();
    const into = new PassThrough();
    bytes(at).pipe(into);
    await once(into, 'data');
    into.destroy();
    await once(into, 'close');
    await expectAborted(at);
  });

  it('a Node stream that fails', async () => {
    await using at = await tireless();
    const reason = new Error('disk full');
    const full = new Writable({ write: (_chunk, _encoding, done) => done(reason) });
    bytes(at).pipe(full);
    const [error] = await once(full, 'error');
    expect(error).toBe(reason);
    await expectAborted(at);
  });

  it('destroying the Readable', async () => {
    await using at = await tireless();
    const readable = at.ftp.retr('/endless');
    await once(readable, 'data');
    readable.destroy();
    await once(readable, 'close');
    await expectAborted(at);
  });

  it('a pipeline that its signal aborts', async () => {
    await using at = await tireless();
    const abort = new AbortController();
    const into = new PassThrough();
    const done = pipeline(at.ftp.retr('/endless'), into, { signal: abort.signal });
    await once(into, 'data');
    abort.abort();
    await expect(done).rejects.toMatchObject({ name: 'AbortError' });
    await expectAborted(at);
  });

  it('its signal, whose reason is the error', async () => {
    await using at = await tireless();
    const abort = new AbortController();
    const download = observe(at.ftp.retr$('/endless', { signal: abort.signal }));
    await download.nth(1);
    const reason = new Error('enough');
    abort.abort(reason);
    expect(download.end).toBe('error');
    expect(await download.failed).toBe(reason);
    await expectAborted(at);
  });
});

describe('an upload is aborted by', () => {
  it('unsubscribing within next', async () => {
    await using at = await tireless();
    const upload = observe(at.ftp.stor$('/up', endless(), { progressIntervalMs: 0 }), {
      next: (_progress, observation) => observation.unsubscribe(),
    });
    expect(await upload.ended).toBe('unsubscribed');
    await expectAborted(at);
    expect(upload.values).toHaveLength(1);
  });

  it('its signal', async () => {
    await using at = await tireless();
    const abort = new AbortController();
    const upload = observe(at.ftp.stor$('/up', endless(), { progressIntervalMs: 0, signal: abort.signal }));
    await upload.nth(2);
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await upload.failed).toBe(reason);
    await expectAborted(at);
  });

  it('destroying the Writable', async () => {
    await using at = await tireless();
    const writable = at.ftp.stor('/up');
    writable.on('error', () => undefined);
    await new Promise((resolve) => writable.write('some', resolve));
    writable.destroy();
    await once(writable, 'close');
    await expectAborted(at);
  });
});

describe('nothing is sent for', () => {
  it('a transfer that was left in the turn of its subscription', async () => {
    await using at = await connected({ files });
    const transfers: Observable<unknown>[] = [
      at.ftp.retr$('/file'),
      at.ftp.stor$('/up', 'x'),
      at.ftp.list$(),
      at.ftp.mlsd$(),
    ];
    for (const one of transfers) {
      const busy = observe(at.ftp.cwd$('/'));
      observe(one).unsubscribe();
      await busy.settled;
    }
    expect(at.commands).toEqual(['CWD /', 'CWD /', 'CWD /', 'CWD /']);
    expect(at.server.tree.file('/up')).toBeUndefined();
  });

  it('a transfer that was left while it waited, and nothing of its source is read', async () => {
    const answer = new Latch();
    await using at = await connected({ files }, {}, (server) =>
      server.once('CWD', async (_session, _argument, command) => {
        await answer.opened;
        await command.byDefault();
      }),
    );
    const running = observe(at.ftp.cwd$('/'));
    let subscribed = 0;
    const source = new Subject<string>();
    const waiting = [
      observe(at.ftp.retr$('/file')),
      observe(at.ftp.stor$('/up', concat(source))),
      observe(at.ftp.nlst$()),
      observe(at.ftp.rename$('/file', '/gone')),
    ];
    await at.server.received('CWD');
    if (source.observed) subscribed += 1;
    for (const one of waiting) one.unsubscribe();
    const last = observe(at.ftp.pwd$());
    answer.open();
    await Promise.all([running.settled, last.settled]);
    expect([at.commands, subscribed]).toEqual([['CWD /', 'PWD'], 0]);
  });

  it('a transfer that is complete, when it is left then', async () => {
    await using at = await connected({ files });
    const download = observe(at.ftp.retr$('/file'));
    const upload = observe(at.ftp.stor$('/up', 'x'));
    await Promise.all([download.settled, upload.settled]);
    download.unsubscribe();
    upload.unsubscribe();
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
    expect(at.commands).toEqual(['TYPE I', 'EPSV', 'RETR /file', 'EPSV', 'STOR /up', 'PWD']);
  });

  it('the second command of a sequence that is left during its first', async () => {
    const answer = new Latch();
    await using at = await connected({ files }, {}, (server) =>
      server.once('RNFR', async (_session, _argument, command) => {
        await answer.opened;
        await command.byDefault();
      }),
    );
    const rename = observe(at.ftp.rename$('/file', '/gone'));
    await at.server.received('RNFR');
    rename.unsubscribe();
    answer.open();
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
    expect(at.commands).toEqual(['RNFR /file', 'PWD']);
  });

  it('the transfer whose data connection was being made when it was left', async () => {
    const given: AbortSignal[] = [];
    await using at = await connected(
      { files },
      {
        connector: async (endpoint, signal) => {
          const { connectSocket } = await import('../../lib/net/connector.js');
          if (endpoint.channel === 'control' || given.length > 0) return connectSocket(endpoint, signal);
          given.push(signal);
          return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
      },
    );
    const download = observe(at.ftp.retr$('/file'));
    await vi.waitUntil(() => given.length === 1);
    download.unsubscribe();
    expect(given[0]?.aborted).toBe(true);
    expect(await fetch(at, '/file')).toBe(files['/file']);
    // It was left, not refused: EPSV is not given up.
    expect(at.commands).toEqual(['TYPE I', 'EPSV', 'EPSV', 'RETR /file']);
  });
});

describe('replies to an abort', () => {
  const endlessRetr =
    (at: Connected): Handler =>
    (session) =>
      transfer(session, at.server, 'Here we go.', () => session.sendData('', { chunks: endless() }));

  it('that come after the sentinel was sent are not taken for its answer', async () => {
    await using at = await connected({ files });
    at.server.once('RETR', endlessRetr(at)).once('ABOR', () => undefined);
    at.server.once('PWD', async (session, _argument, command) => {
      await session.reply('226 ABOR successful, at last.', '550 Not the directory.', '226 And again.');
      await command.byDefault();
    });
    const download = observe(at.ftp.retr$('/endless'));
    await download.nth(1);
    download.unsubscribe();
    await expectAborted(at);
  });

  it('end with a sentinel that is refused, where the directory is gone', async () => {
    await using at = await connected({ files });
    at.server.once('RETR', endlessRetr(at)).once('PWD', (session) => session.reply('550 No such directory.'));
    const download = observe(at.ftp.retr$('/endless'));
    await download.nth(1);
    download.unsubscribe();
    await expectAborted(at);
  });

  /** Leaves a download whose server has not answered for so long that ABOR goes out before the 150; `script` answers then. */
  async function leaveUnanswered(script: (server: ScriptedServer) => Handler): Promise<Connected> {
    const [arrived, go] = [new Latch(), new Latch()];
    const at = await connected({ files });
    const late = script(at.server);
    at.server.once('RETR', async (session, path, command) => {
      arrived.open();
      await go.opened;
      await late(session, path, command);
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const download = observe(at.ftp.retr$('/endless'));
    await arrived.opened;
    download.unsubscribe();
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    await at.server.received('ABOR');
    go.open();
    return at;
  }

  it('may begin with a 150 that was late', async () => {
    await using at = await leaveUnanswered(
      (server) => (session) =>
        transfer(session, server, 'Here we go.', () => session.sendData('', { chunks: endless() })),
    );
    await expectAborted(at);
  });

  it('do not count a late 150 among those that end the transfer', async () => {
    await using at = await leaveUnanswered((server) => {
      server.once('ABOR', () => undefined);
      server.once('PWD', async (session, _argument, command) => {
        await session.reply('550 The transfer has failed.');
        await command.byDefault();
      });
      return (session) => session.reply('150 Late.', '225 Nothing to abort.');
    });
    await expectAborted(at);
  });
});

describe('a server that never gets into step', () => {
  it('costs the connection, after abortTimeoutMs, and it is said so', async () => {
    await using at = await connected({ files }, { abortTimeoutMs: 2_500 }, (server) =>
      server
        .answer('ABOR')
        .answer('PWD')
        .once('RETR', (session) => session.reply('150 Here.')),
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const begun = new Promise((resolve) => at.ftp.reply$.subscribe(resolve));
    const download = observe(at.ftp.retr$('/file'));
    await begun;
    await at.server.event('reply', { where: ({ text }) => text.startsWith('150') });
    const waiting = observe(at.ftp.noop$());
    download.unsubscribe();
    await vi.advanceTimersByTimeAsync(2_499);
    expect([at.status, waiting.end]).toEqual(['aborting', undefined]);
    await vi.advanceTimersByTimeAsync(1);
    const cause = await at.connection.failed;
    expect(cause).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'abort', afterMs: 2_500 });
    expect(await waiting.failed).toMatchObject({ phase: 'queued', cause });
    expect(at.state.values.at(-1)).toEqual({ status: 'closed', cause });
    expect(await at.server.event('data-closed')).toMatchObject({ reset: true });
  });
});
