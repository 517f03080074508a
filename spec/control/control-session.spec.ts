import { filter, firstValueFrom, map, NEVER } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpConnectionError, FtpTimeoutError } from '../../lib/errors.js';
import { observe } from '../support/observe.js';
import { connected, Latch } from './support/connected.js';

const statuses = (states: readonly { status: string }[]): string[] => states.map(({ status }) => status);

describe('state$', () => {
  it('says idle, busy, and closed with the cause; then it completes', async () => {
    await using at = await connected();
    await observe(at.ftp.noop$()).settled;
    at.connection.unsubscribe();
    const states = await at.state.settled;
    expect(statuses(states)).toEqual(['idle', 'busy', 'idle', 'closed']);
    expect(states.at(-1)?.cause).toBeInstanceOf(FtpConnectionError);
    expect(at.commands).toEqual(['NOOP', 'QUIT']);
  });

  it('says aborting while a reply that nobody wants is still missing', async () => {
    const answer = new Latch();
    await using at = await connected({}, {}, (server) =>
      server.on('NOOP', async (_session, _argument, command) => {
        await answer.opened;
        await command.byDefault();
      }),
    );
    const noop = observe(at.ftp.noop$());
    await at.server.received('NOOP');
    noop.unsubscribe();
    noop.unsubscribe();
    await firstValueFrom(at.ftp.state$.pipe(filter(({ status }) => status === 'aborting')));
    const pwd = observe(at.ftp.pwd$());
    answer.open();
    expect(await pwd.settled).toEqual(['/']);
    expect(noop.values).toEqual([]);
    expect(statuses(at.state.values)).toEqual(['idle', 'busy', 'aborting', 'busy', 'idle']);
  });

  it('says nothing of aborting when somebody leaves with the last value', async () => {
    await using at = await connected();
    expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
    await observe(at.ftp.noop$()).settled;
    expect(statuses(at.state.values)).not.toContain('aborting');
  });

  it.each([
    ['a FIN', 'fin'],
    ['a RST', 'rst'],
  ] as const)('says closed, and so does connect$, when the server goes by %s', async (_name, how) => {
    await using at = await connected();
    await at.server.sessions[0]?.closeControl(how);
    const cause = await at.connection.failed;
    expect(cause).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'control', phase: 'idle' });
    expect((await at.state.settled).at(-1)).toEqual({ status: 'closed', cause });
    expect(await observe(at.ftp.noop$()).failed).toMatchObject({ phase: 'queued', cause });
    expect(at.commands).toEqual([]);
  });

  it('says closed to an observer who asks for more at once, and is told that nothing was sent', async () => {
    await using at = await connected();
    const late = firstValueFrom(
      at.ftp.state$.pipe(
        filter(({ status }) => status === 'closed'),
        map(() => observe(at.ftp.noop$())),
      ),
    );
    await at.server.sessions[0]?.closeControl();
    expect(await (await late).failed).toMatchObject({ phase: 'queued', outcome: 'none' });
  });
});

describe('operations', () => {
  it('run in the order they were subscribed, each with its own answer', async () => {
    await using at = await connected({ files: { '/a': 'abc', '/b/c': '' } });
    const { ftp } = at;
    const all = [ftp.pwd$(), ftp.size$('/a'), ftp.cwd$('/b'), ftp.pwd$(), ftp.mkd$('/d'), ftp.cdup$()].map(
      (operation) => observe<unknown>(operation),
    );
    const values = await Promise.all(all.map(({ settled }) => settled));
    expect(values.map(([value]) => value)).toMatchObject(['/', 3, { code: 250 }, '/b', '/d', { code: 250 }]);
    expect(at.commands).toEqual(['PWD', 'TYPE I', 'SIZE /a', 'CWD /b', 'PWD', 'MKD /d', 'CDUP']);
  });

  it('send nothing when they are left while they wait', async () => {
    const answer = new Latch();
    await using at = await connected({}, {}, (server) =>
      server.once('CWD', async (_session, _argument, command) => {
        await answer.opened;
        await command.byDefault();
      }),
    );
    const first = observe(at.ftp.cwd$('/'));
    await at.server.received('CWD');
    const waiting = observe(at.ftp.dele$('/precious'));
    const last = observe(at.ftp.pwd$());
    waiting.unsubscribe();
    answer.open();
    await Promise.all([first.settled, last.settled]);
    expect(at.commands).toEqual(['CWD /', 'PWD']);
  });

  it('that wait are refused with the cause when the connection is lost', async () => {
    await using at = await connected({}, {}, (server) => server.on('CWD', (session) => session.closeControl('rst')));
    const [running, waiting] = [observe(at.ftp.cwd$('/')), observe(at.ftp.pwd$())];
    expect(await running.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', command: 'CWD /' });
    expect(await waiting.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'queued' });
    expect(at.commands).toEqual(['CWD /']);
    expect(at.status).toBe('closed');
  });
});

describe('leaving the session', () => {
  it('ends what runs and what waits with an error, and says QUIT last', async () => {
    const answer = new Latch();
    await using at = await connected({}, {}, (server) =>
      server.on('CWD', async (_session, _argument, command) => {
        await answer.opened;
        await command.byDefault();
      }),
    );
    const [running, waiting] = [observe(at.ftp.cwd$('/')), observe(at.ftp.pwd$())];
    await at.server.received('CWD');
    at.connection.unsubscribe();
    expect([running.end, waiting.end]).toEqual(['error', 'error']);
    answer.open();
    await at.state.ended;
    expect(at.commands).toEqual(['CWD /', 'QUIT']);
    expect(at.state.values.at(-1)?.cause?.message).toContain('closed by this client');
  });

  it('needs no answer to QUIT', async () => {
    await using at = await connected({}, {}, (server) => server.on('QUIT', (session) => session.closeControl('fin')));
    at.connection.unsubscribe();
    expect((await at.state.settled).at(-1)?.status).toBe('closed');
    expect(at.commands).toEqual(['QUIT']);
  });

  it('waits for that answer no longer than abortTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await connected({}, { abortTimeoutMs: 3_000 }, (server) => server.answer('QUIT'));
    at.connection.unsubscribe();
    await at.server.received('QUIT');
    await vi.advanceTimersByTimeAsync(2_999);
    expect(at.status).toBe('idle');
    await vi.advanceTimersByTimeAsync(1);
    expect(at.status).toBe('closed');
  });

  it('ends although the connection is lost while something is still aborting', async () => {
    await using at = await connected({}, {}, (server) => server.answer('CWD'));
    const running = observe(at.ftp.cwd$('/'));
    await at.server.received('CWD');
    at.connection.unsubscribe();
    await running.failed;
    await at.server.sessions[0]?.closeControl('rst');
    expect((await at.state.settled).at(-1)?.status).toBe('closed');
  });
});

describe('what was cancelled', () => {
  it('costs the connection when it is not over within abortTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await connected({}, { abortTimeoutMs: 4_000 }, (server) => server.answer('CWD'));
    const cwd = observe(at.ftp.cwd$('/'));
    await at.server.received('CWD');
    const waiting = observe(at.ftp.pwd$());
    cwd.unsubscribe();
    await vi.advanceTimersByTimeAsync(3_999);
    expect(at.status).toBe('aborting');
    await vi.advanceTimersByTimeAsync(1);
    const cause = await at.connection.failed;
    expect(cause).toBeInstanceOf(FtpTimeoutError);
    expect(cause).toMatchObject({ phase: 'abort', afterMs: 4_000 });
    expect(at.state.values.at(-1)).toEqual({ status: 'closed', cause });
    expect(await waiting.failed).toMatchObject({ phase: 'queued', cause });
  });
});

describe('keepAliveMs', () => {
  it('sends NOOP on an idle session, again and again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await connected({}, { keepAliveMs: 10_000 });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(at.commands).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await at.server.received('NOOP');
    await vi.waitUntil(() => at.status === 'idle');
    await vi.advanceTimersByTimeAsync(10_000);
    await at.server.received('NOOP', 2);
    await vi.waitUntil(() => at.status === 'idle');
    expect(at.commands).toEqual(['NOOP', 'NOOP']);
  });

  it('counts from the last thing that happened, and not during a transfer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await connected({}, { keepAliveMs: 10_000 });
    await vi.advanceTimersByTimeAsync(9_000);
    const begun = firstValueFrom(at.ftp.reply$.pipe(filter(({ code }) => code === 150)));
    const upload = observe(at.ftp.stor$('/a', NEVER));
    await begun;
    await vi.advanceTimersByTimeAsync(50_000);
    expect(at.commands).not.toContain('NOOP');
    upload.unsubscribe();
    const idle = firstValueFrom(at.ftp.state$.pipe(filter(({ status }) => status === 'idle')));
    // How long an abort waits before and after it says ABOR in an upload of which no byte has moved.
    await vi.advanceTimersByTimeAsync(100);
    await idle;
    await vi.advanceTimersByTimeAsync(9_999);
    expect(at.commands).not.toContain('NOOP');
  });

  it('finds out that the server has gone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const options = { keepAliveMs: 1_000, replyTimeoutMs: 2_000 };
    await using at = await connected({}, options, (server) => server.answer('NOOP'));
    await vi.advanceTimersByTimeAsync(1_000);
    await at.server.received('NOOP');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await at.connection.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', command: 'NOOP' });
  });
});
