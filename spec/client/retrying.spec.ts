/** How a client repeats its operations: the waits between the tries, their order among other work, and all that ends them. */
import { describe, expect, it, vi } from 'vitest';
import { retryPolicy } from '../../lib/client/retry.js';
import { mayBeRepeated, retrying } from '../../lib/client/retrying.js';
import type { FtpEvents } from '../../lib/control/events.js';
import type { LeaseTask, TaskRunner } from '../../lib/control/task-runner.js';
import { FtpConnectionError, FtpReplyError, FtpUsageError } from '../../lib/errors.js';
import type { FtpClient, FtpError, FtpEvent, RetryOptions, TransferProgress } from '../../lib/index.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { refusedPort } from './support/failing-logins.js';
import { latch } from './support/latch.js';
import { afterLogin, clientOf, clientOfTwoSessions, sessionOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const files = { '/a': 'upper', '/dir/a': 'lower one', '/b.txt': 'b' };
const greeting = '220 (vsFTPd 3.0.5)';

const busy: Handler = (session) => session.reply('450 Busy.');
const hangUp: Handler = (session) => session.closeControl('rst');
const bye: Handler = async (session) => {
  await session.reply('421 Bye.');
  await session.closeControl();
};

function retryingEvents(ftp: FtpClient): (FtpEvent & { type: 'retrying' })[] {
  const events: (FtpEvent & { type: 'retrying' })[] = [];
  ftp.events$.subscribe((event) => {
    if (event.type === 'retrying') events.push(event);
  });
  return events;
}

function server450(): Promise<ScriptedServer> {
  return scriptedServer({ files, greeting });
}

describe('a task', () => {
  const reply = (code: number) => ({ code, lines: ['No.'], text: 'No.', class: 4 as const });
  const refused = (code: number): FtpError => new FtpReplyError('No.', { reply: reply(code) });
  const lost = (outcome: 'none' | 'unknown'): FtpError =>
    new FtpConnectionError('Lost.', { channel: 'control', phase: 'command', outcome });
  const task: LeaseTask = { kind: 'exclusive', work: async () => {} };
  const safe = { ...task, mayRepeat: () => true };
  const over = { ...safe, mustNotRepeat: () => true };

  it.each([
    ['of which nothing was done', task, lost('none'), true],
    ['of which something may have been done', task, lost('unknown'), false],
    ['that may be done twice', safe, lost('unknown'), true],
    ['that has handed something on', over, lost('none'), false],
    ['that was refused by 421', task, refused(421), true],
    ['that was refused by 425', task, refused(425), true],
    ['that was refused by 450', task, refused(450), true],
    ['that was refused by 426', task, refused(426), false],
    ['that was refused by 451', task, refused(451), false],
  ] as const)('%s', (_name, given, error, expected) => {
    expect(mayBeRepeated(given, error)).toBe(expected);
  });

  it('goes to the runner as it is where there is one try only', () => {
    const runner: TaskRunner = { start: () => () => {}, interrupt: () => {} };
    const events = { tell: () => {} };
    expect(retrying(runner, { policy: retryPolicy(false), events })).toBe(runner);
    expect(retrying(runner, { policy: retryPolicy({ attempts: 1 }), events })).toBe(runner);
    expect(retrying(runner, { policy: retryPolicy(true), events })).not.toBe(runner);
  });
});

describe('the tries of a task', () => {
  it('are counted anew whenever more bytes have moved than in any try before', () => {
    fakeTimers();
    const asked: LeaseTask[] = [];
    const runner: TaskRunner = { start: (task) => () => void asked.push(task), interrupt: () => {} };
    const attempts: number[] = [];
    const task: LeaseTask = { kind: 'transfer', work: async () => {}, mayRepeat: () => true };
    const tell: FtpEvents['tell'] = (_session, event) => {
      if (event.type === 'retrying') attempts.push(event.attempt);
    };
    const policy = retryPolicy({ attempts: 2, delayMs: 10 });
    retrying(runner, { policy, events: { tell } }).start(
      { ...task, onRepeat: (attempt) => attempts.push(-attempt) },
      () => {},
    )();
    const again = asked[0]?.again;
    const after = (bytes: number): boolean => {
      const error = new FtpConnectionError('Lost.', { channel: 'data', phase: 'transfer', bytes });
      const stop = again?.(error, () => {});
      vi.advanceTimersByTime(10);
      return stop !== undefined;
    };
    expect([10, 20, 5, 20].map(after)).toEqual([true, true, false, false]);
    expect(attempts).toEqual([2, -2, 3, -3]);
  });
});

describe('the wait before another try', () => {
  it('is a random time below a bound that doubles up to maxDelayMs', async () => {
    await using server = await server450();
    server.on('DELE', busy);
    fakeTimers(1);
    await using ftp = clientOf(server, { retry: { attempts: 6, delayMs: 100, maxDelayMs: 500 } });
    const events = retryingEvents(ftp);
    const deleted = observe(ftp.dele$('/a'));
    await server.received('DELE');
    await aWhile();
    for (const [round, delayMs] of [100, 200, 400, 500, 500].entries()) {
      expect(events[round]).toMatchObject({ session: 0, operation: 'DELE /a', attempt: round + 2, delayMs });
      await pass(delayMs - 1);
      expect(afterLogin(server)).toHaveLength(1 + round);
      await pass(1);
      expect(afterLogin(server)).toHaveLength(2 + round);
    }
    expect(await deleted.failed).toMatchObject({ reply: { code: 450 }, command: 'DELE /a' });
    expect(events).toHaveLength(5);
  });

  it('is at least 0 and never above its bound', async () => {
    await using server = await server450();
    server.on('DELE', busy);
    fakeTimers();
    vi.spyOn(Math, 'random').mockRestore();
    await using ftp = clientOf(server, { retry: { attempts: 60, delayMs: 8, maxDelayMs: 8 } });
    const events = retryingEvents(ftp);
    const deleted = observe(ftp.dele$('/a'));
    await server.received('DELE');
    for (let round = 0; round < 70 && deleted.end === undefined; round += 1) await pass(8);
    await deleted.failed;
    const delays = events.map(({ delayMs }) => delayMs);
    expect(delays).toHaveLength(59);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(8);
    expect(new Set(delays).size).toBeGreaterThan(50);
  });

  it.each([
    ['unsubscribing', 'unsubscribed'],
    ['close$', 'error'],
    ['the signal of the client', 'error'],
    ['the signal of the operation', 'error'],
  ] as const)('is ended by %s: its timer is gone, and nothing more is sent', async (how, end) => {
    await using server = await server450();
    server.on('DELE', busy);
    fakeTimers();
    const [ofClient, ofOperation] = [new AbortController(), new AbortController()];
    const ftp = clientOf(server, { retry: { delayMs: 1_000 }, signal: ofClient.signal });
    const deleted = observe(ftp.dele$('/a', { signal: ofOperation.signal }));
    await server.received('DELE');
    await aWhile();
    const waiting = vi.getTimerCount();
    if (how === 'unsubscribing') deleted.unsubscribe();
    if (how === 'close$') void observe(ftp.close$());
    if (how === 'the signal of the client') ofClient.abort(new Error('enough'));
    if (how === 'the signal of the operation') ofOperation.abort(new Error('enough'));
    expect(deleted.end).toBe(end);
    if (how === 'close$') {
      expect(deleted.error).toMatchObject({ phase: 'close', transient: false, cause: { reply: { code: 450 } } });
    } else if (end === 'error') expect(deleted.error).toEqual(new Error('enough'));
    if (how.startsWith('unsub') || how.endsWith('operation')) expect(vi.getTimerCount()).toBe(waiting - 1);
    await pass(5_000);
    expect(afterLogin(server)).toEqual(['DELE /a']);
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is ended by abor$ if it is that of a transfer', async () => {
    await using server = await server450();
    server.on('RETR', busy);
    fakeTimers();
    await using ftp = clientOf(server, { retry: { delayMs: 60_000, maxDelayMs: 60_000 } });
    const got = observe(ftp.retr$('/a'));
    await server.received('RETR');
    await aWhile();
    const aborted = observe(ftp.abor$());
    expect(await got.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: false, bytes: 0 });
    await aWhile();
    expect(await aborted.settled).toHaveLength(1);
    expect(server.commands.filter((line) => line === 'RETR /a')).toHaveLength(1);
  });

  it('may be ended at the news of it', async () => {
    await using server = await server450();
    server.on('DELE', busy);
    fakeTimers();
    await using ftp = clientOf(server, { retry: true });
    ftp.events$.subscribe(({ type }) => {
      if (type === 'retrying') deleted.unsubscribe();
    });
    const deleted = observe(ftp.dele$('/a'));
    await deleted.ended;
    await pass(5_000);
    expect(afterLogin(server)).toEqual(['DELE /a']);
    expect(await observe(ftp.noop$()).settled).toHaveLength(1);
  });
});

describe('the tries of an operation', () => {
  it('are five by default', async () => {
    await using server = await server450();
    server.on('SIZE', busy);
    fakeTimers(0);
    await using ftp = clientOf(server, { retry: true });
    const sized = observe(ftp.size$('/a'));
    await server.received('SIZE');
    for (let round = 0; round < 10; round += 1) await pass(1);
    expect(await sized.failed).toMatchObject({ reply: { code: 450 } });
    expect(server.commands.filter((line) => line === 'SIZE /a')).toHaveLength(5);
  });

  it('are narrowed by when, which hears of what would be repeated alone', async () => {
    await using server = await server450();
    server.once('DELE', hangUp).on('SIZE', busy);
    const heard: unknown[] = [];
    const when = ({ command }: FtpError, attempt: number): boolean => heard.push([command, attempt]) < 3;
    await using ftp = clientOf(server, { retry: { delayMs: 1, when } });
    expect(await observe(ftp.dele$('/a')).failed).toBeInstanceOf(FtpConnectionError);
    expect(heard).toEqual([]);
    await observe(ftp.size$('/a')).failed;
    expect(heard).toEqual([1, 2, 3].map((attempt) => ['SIZE /a', attempt]));
  });

  it('end with the error that when throws', async () => {
    await using server = await server450();
    server.on('SIZE', busy);
    const when = (): boolean => {
      throw new Error('not again');
    };
    await using ftp = clientOf(server, { retry: { when } });
    expect(await observe(ftp.size$('/a')).failed).toEqual(new Error('not again'));
    expect(await observe(ftp.noop$()).settled).toHaveLength(1);
  });

  it('are not multiplied by those of the logins', async () => {
    await using server = await server450();
    const logins = vi.fn();
    server.on('USER', async (session, _argument, command) => {
      logins();
      if (session.id === 1) await command.byDefault();
      else await bye(session, '', command);
    });
    server.on('SIZE', hangUp);
    fakeTimers(0);
    await using ftp = clientOf(server, { retry: { attempts: 3, delayMs: 1 } });
    const sized = observe(ftp.size$('/a'));
    await server.received('SIZE');
    for (let round = 0; round < 20; round += 1) await pass(1);
    expect(await sized.failed).toMatchObject({ reply: { code: 421 }, outcome: 'none' });
    expect(logins).toHaveBeenCalledTimes(1 + 3);
  });

  it('are added to those of the logins where each session dies at its first command', async () => {
    await using server = await server450();
    let logins = 0;
    server.on('USER', async (session, _argument, command) => {
      logins += 1;
      if (logins % 2 === 1) await command.byDefault();
      else await bye(session, '', command);
    });
    server.on('SIZE', hangUp);
    fakeTimers(0);
    await using ftp = clientOf(server, { retry: { attempts: 4, delayMs: 1 } });
    const sized = observe(ftp.size$('/a'));
    await server.received('SIZE');
    for (let round = 0; round < 40; round += 1) await pass(1);
    await sized.failed;
    expect(logins).toBeLessThanOrEqual(4 + 4);
  });

  it('are those of the logins alone where no session is let in', async () => {
    const { options, tries } = await refusedPort();
    await using server = await server450();
    await using ftp = clientOf(server, { ...options, retry: { attempts: 3, delayMs: 1 } });
    await observe(ftp.size$('/a')).failed;
    expect(tries()).toBe(3);
  });

  it('do not repeat a wrong password', async () => {
    const password = secret('wrong-password-of-a-repeated-operation');
    await using server = await scriptedServer({ files, users: { ann: 'right' } });
    await using ftp = clientOf(server, { user: 'ann', password, retry: { delayMs: 1 } });
    await observe(ftp.size$('/a')).failed;
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });

  it('show no secret', async () => {
    const word = secret('the-word-of-site');
    await using server = await server450();
    server.once('ACCT', busy).once('SITE', busy);
    await using ftp = clientOf(server, { retry: { delayMs: 1 } });
    const events = retryingEvents(ftp);
    await observe(ftp.exchange$(`SITE PSWD ${word} ${word}`, { expect: [2, 5] })).ended;
    await observe(ftp.acct$(word)).ended;
    expect(JSON.stringify(events)).not.toContain(word);
  });

  it('are one on a session of connect$', async () => {
    await using server = await server450();
    server.once('SIZE', busy);
    await using session = await sessionOf(server);
    expect(await observe(session.ftp.size$('/a')).failed).toMatchObject({ reply: { code: 450 } });
  });

  it('are one with retry: false', async () => {
    await using server = await server450();
    server.once('SIZE', busy);
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/a')).failed).toMatchObject({ reply: { code: 450 } });
  });
});

describe('bad options', () => {
  it.each([
    { attempts: 0 },
    { attempts: Number.NaN },
    { delayMs: -1 },
    { delayMs: Number.NaN },
    { maxDelayMs: -1 },
    { jitter: false },
    { when: 'always' },
  ])('are refused at once: %o', async (retry) => {
    await using server = await server450();
    expect(() => clientOf(server, { retry: retry as RetryOptions })).toThrow(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });
});

describe('the order of work', () => {
  it('is kept with one session: a file that is deleted and stored anew is there at the end', async () => {
    await using server = await server450();
    server.once('DELE', busy);
    fakeTimers();
    await using ftp = clientOf(server, { retry: { delayMs: 1_000 } });
    const deleted = observe(ftp.dele$('/a'));
    const stored = observe(ftp.stor$('/a', 'new'));
    await server.received('DELE');
    await aWhile();
    const sized = observe(ftp.size$('/a'));
    await pass(499);
    expect(afterLogin(server).filter((line) => /^(STOR|SIZE)/.test(line))).toEqual([]);
    await pass(1);
    await deleted.settled;
    await stored.settled;
    expect(await sized.settled).toEqual([3]);
    expect(server.tree.text('/a')).toBe('new');
  });

  it.each([
    ['refused by 450', busy],
    ['ended by 421', bye],
    ['lost', hangUp],
  ])('is kept with one session where the first of two uploads of a file was %s', async (_name, fault) => {
    await using server = await server450();
    server.once('STOR', fault);
    await using ftp = clientOf(server, { mode: 'pasv', retry: { delayMs: 20 } });
    const [first, second] = [observe(ftp.stor$('/new', 'one')), observe(ftp.stor$('/new', 'two'))];
    await first.settled;
    await second.settled;
    expect(server.tree.text('/new')).toBe('two');
    expect(server.commands.filter((line) => line === 'STOR /new')).toHaveLength(3);
  });

  it.each([
    ['refused by 450', busy],
    ['ended by 421', bye],
    ['lost', hangUp],
  ])('is kept behind a change of directory that was %s, on two sessions', async (_name, fault) => {
    await using server = await server450();
    await using ftp = await clientOfTwoSessions(server, { retry: { delayMs: 1 } });
    server.once('CWD', fault);
    const moved = observe(ftp.cwd$('/dir'));
    const sized = observe(ftp.size$('a'));
    const listed = observe(ftp.nlst$());
    expect(await sized.settled).toEqual([9]);
    expect(await listed.settled).toEqual(['a']);
    expect((await moved.settled)[0]?.code).toBe(250);
  });

  it.each(['dir', '..'])('is kept behind a change to %s, which is done once', async (path) => {
    await using server = await scriptedServer({ files: { '/dir/dir/dir/a': 'deep', '/a': 'upper' }, greeting });
    await using ftp = await clientOfTwoSessions(server, { retry: { delayMs: 1 } });
    await observe(ftp.cwd$('/dir')).settled;
    server.once(path === '..' ? 'CDUP' : 'CWD', async (session, _argument, command) => {
      await command.byDefault();
      await session.closeControl('rst');
    });
    await observe(ftp.cwd$(path)).settled;
    expect(await observe(ftp.pwd$()).settled).toEqual([path === '..' ? '/' : '/dir/dir']);
  });

  it('lets other work pass on another session', async () => {
    await using server = await server450();
    fakeTimers();
    await using ftp = await clientOfTwoSessions(server, { retry: { delayMs: 1_000 } });
    server.once('DELE', busy);
    const deleted = observe(ftp.dele$('/a'));
    await server.received('DELE');
    await aWhile();
    expect(await observe(ftp.size$('/b.txt')).settled).toEqual([1]);
    expect(deleted.end).toBeUndefined();
    await pass(500);
    await deleted.settled;
  });

  it('lets no change of directory pass: a path stays in its own directory', async () => {
    await using server = await server450();
    fakeTimers();
    await using ftp = await clientOfTwoSessions(server, { retry: { delayMs: 1_000 } });
    server.once('DELE', busy);
    const deleted = observe(ftp.dele$('a'));
    await server.received('DELE');
    await aWhile();
    const moved = observe(ftp.cwd$('/dir'));
    await aWhile();
    expect(server.commands).not.toContain('CWD /dir');
    await pass(500);
    await deleted.settled;
    await moved.settled;
    expect(server.tree.text('/dir/a')).toBe('lower one');
    expect(server.tree.text('/a')).toBeUndefined();
  });

  it('does not repeat in another directory what was overtaken by the change', async () => {
    await using server = await server450();
    await using ftp = await clientOfTwoSessions(server, { retry: { delayMs: 1 } });
    const moved = latch();
    server.once('DELE', async (session) => {
      await moved.opened;
      await session.reply('450 Busy.');
    });
    const deleted = observe(ftp.dele$('a'));
    await server.received('DELE');
    await observe(ftp.cwd$('/dir')).settled;
    moved.open();
    expect(await deleted.failed).toMatchObject({ reply: { code: 450 } });
    expect(server.tree.text('/dir/a')).toBe('lower one');
  });

  it('lets the work go on behind an operation that is left during its wait', async () => {
    await using server = await server450();
    server.on('DELE', busy);
    fakeTimers();
    await using ftp = clientOf(server, { retry: { delayMs: 60_000, maxDelayMs: 60_000 } });
    const deleted = observe(ftp.dele$('/a'));
    await server.received('DELE');
    await aWhile();
    const sized = observe(ftp.size$('/a'));
    await aWhile();
    expect(sized.end).toBeUndefined();
    deleted.unsubscribe();
    expect(await sized.settled).toEqual([5]);
  });
});

describe('an upload that is repeated', () => {
  it('counts its bytes from the new start, and its attempts', async () => {
    await using server = await server450();
    const seen: TransferProgress[] = [];
    for (const keep of [100_000, 200_000]) {
      server.once('STOR', async (session) => {
        await session.reply('150 Go on.');
        const socket = await session.data();
        let bytes = 0;
        for await (const chunk of socket) {
          bytes += (chunk as Buffer).length;
          if (bytes >= keep) break;
        }
        await session.closeControl('rst');
      });
    }
    await using ftp = clientOf(server, { retry: { delayMs: 1 }, progressIntervalMs: 0 });
    const source = Buffer.alloc(400_000, 7);
    const stored = observe(ftp.stor$('/big', source), { next: (progress) => seen.push(progress) });
    await stored.settled;
    const [first, last] = [seen[0], seen.at(-1)];
    expect(first).toMatchObject({ attempt: 1 });
    expect(last).toMatchObject({ attempt: 3, bytes: 400_000, done: true });
    for (const [index, { attempt, bytes }] of seen.entries()) {
      const before = seen[index - 1];
      expect(before === undefined || attempt > before.attempt || bytes >= before.bytes).toBe(true);
    }
    expect(server.tree.file('/big')?.bytes.equals(source)).toBe(true);
  });

  it('is not one of a source that was read and gives its bytes once', async () => {
    await using server = await server450();
    server.once('STOR', async (session) => {
      await session.reply('150 Go on.');
      const socket = await session.data();
      for await (const _chunk of socket) break;
      await session.closeControl('rst');
    });
    await using ftp = clientOf(server, { retry: { delayMs: 1 } });
    async function* once(): AsyncGenerator<string> {
      yield 'some bytes';
      yield 'more';
    }
    const failed = await observe(ftp.stor$('/new', once())).failed;
    expect(failed).toMatchObject({ code: expect.stringMatching(/CONNECTION|TRANSFER/) });
    expect(server.commands.filter((line) => line.startsWith('STOR'))).toHaveLength(1);
  });

  it('is not an APPE whose check has failed for now: its bytes are there', async () => {
    await using server = await server450();
    let asked = 0;
    server.on('SIZE', async (session, _argument, command) => {
      asked += 1;
      if (asked === 1) await command.byDefault();
      else await session.reply('450 Busy.');
    });
    await using ftp = clientOf(server, { retry: { delayMs: 1 } });
    expect(await observe(ftp.appe$('/a', 'X', { verify: 'size' })).failed).toMatchObject({ reply: { code: 450 } });
    expect(server.tree.text('/a')).toBe('upperX');
  });
});

describe('a download', () => {
  it('is not repeated once a byte was handed on', async () => {
    await using server = await server450();
    const arrived = latch();
    server.once('RETR', async (session) => {
      await session.reply('150 Go on.');
      await session.sendData(Buffer.from('up'), { end: 'open' });
      await arrived.opened;
      session.link?.reset();
      await session.reply('426 Broken off.');
    });
    await using ftp = clientOf(server, { retry: { delayMs: 1 } });
    const got = observe(ftp.retr$('/a'), { next: () => arrived.open() });
    expect(await got.failed).toMatchObject({ bytes: 2, transient: true });
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(1);
    expect(Buffer.concat(got.values).toString()).toBe('up');
  });
});
