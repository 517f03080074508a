/** The window of plain commands: what goes out in one write and when, and that every subscriber gets his own answer. */
import { map, type Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { FtpOperations } from '../../lib/client/ftp-operations.js';
import type { FtpSession } from '../../lib/client/ftp-session.js';
import {
  FtpConnectionError,
  FtpProtocolError,
  FtpReplyError,
  FtpTimeoutError,
  FtpUsageError,
} from '../../lib/errors.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { type ClientOptions, type Connected, connected, Latch } from './support/connected.js';
import { Packets } from './support/packets.js';

const known = { greeting: '220 ProFTPD Server (Debian)' };
const unknown = { greeting: '220 Ready' };
const modified = new Date('2024-02-03T04:05:06.000Z');
const files = { '/a': 'abc', '/b': 'four', '/c': 'fives', '/dir/': '' };

/** The first MDTM is answered when `go` opens. */
const holdingMdtm =
  (go: Latch) =>
  (server: ScriptedServer): unknown =>
    server.once('MDTM', async (_session, _argument, command) => {
      await go.opened;
      await command.byDefault();
    });

/** A session, and the packets it sends from its login on. */
async function listened(
  options: ScriptedServerOptions = known,
  script?: (server: ScriptedServer) => void,
  more: ClientOptions = {},
): Promise<{ at: Connected; packets: Packets }> {
  const packets = new Packets();
  const at = await connected({ files, ...options }, { connector: packets.connector, ...more }, script);
  packets.clear();
  return { at, packets };
}

/** A session whose MDTMs are answered, one by one, when that is said. */
async function gated(more: ClientOptions = {}): Promise<{ at: Connected; answer: (path: string) => void }> {
  const gates = new Map(Object.keys(files).map((path) => [path, new Latch()]));
  const { at } = await listened(
    known,
    (server) =>
      server.on('MDTM', async (_session, path, command) => {
        await gates.get(path)?.opened;
        await command.byDefault();
      }),
    more,
  );
  return { at, answer: (path) => gates.get(path)?.open() };
}

/** One of each plain command, good or refused, with its value or the code of its refusal. */
const mix: readonly (readonly [(ftp: FtpOperations) => Observable<unknown>, unknown])[] = [
  [(ftp) => ftp.size$('/a'), 3],
  [(ftp) => ftp.mdtm$('/a'), modified],
  [(ftp) => ftp.size$('/none'), 550],
  [(ftp) => ftp.mkd$('/new'), '/new'],
  [(ftp) => ftp.mkd$('/dir'), 550],
  [(ftp) => ftp.mlst$('/c').pipe(map(({ size }) => size)), 5],
  [(ftp) => ftp.mlst$('/none').pipe(map(({ size }) => size)), 550],
  [(ftp) => ftp.rmd$('/new').pipe(map(({ code }) => code)), 250],
  [(ftp) => ftp.rmd$('/none').pipe(map(({ code }) => code)), 550],
  [(ftp) => ftp.size$('/b'), 4],
  [(ftp) => ftp.dele$('/b').pipe(map(({ text }) => text)), 'File deleted.'],
  [(ftp) => ftp.dele$('/b').pipe(map(({ text }) => text)), 550],
  [(ftp) => ftp.mfmt$('/c', modified).pipe(map(({ code }) => code)), 213],
  [(ftp) => ftp.chmod$('/c', 0o600).pipe(map(({ code }) => code)), 200],
  [(ftp) => ftp.mdtm$('/none'), 550],
  [(ftp) => ftp.size$('/c'), 5],
];

async function expectTheirOwn(ftp: FtpOperations): Promise<void> {
  const all = mix.map(([run]) => observe(run(ftp)));
  await Promise.all(all.map(({ ended }) => ended));
  const told = all.map(({ values, error }) => (error instanceof FtpReplyError ? error.reply.code : values[0]));
  expect(told).toEqual(mix.map(([, value]) => value));
}

describe('plain commands of one turn', () => {
  it.each(['whole', 'bytes'] as const)('go out in one write, and each gets its own answer (%s)', async (chunking) => {
    const { at, packets } = await listened({ ...known, chunking });
    await using _ = at;
    await expectTheirOwn(at.ftp);
    expect(packets.sent).toHaveLength(1);
    expect(packets.sent[0]).toMatch(/\r\n$/);
    expect(packets.lines[0]?.slice(0, 4)).toEqual(['TYPE I', 'SIZE /a', 'MDTM /a', 'SIZE /none']);
    expect(packets.lines[0]).toHaveLength(mix.length + 1);
  });

  it.each(['whole', 'bytes'] as const)('go one by one where the server is not known (%s)', async (chunking) => {
    const { at, packets } = await listened({ ...unknown, chunking });
    await using _ = at;
    const before = at.server.events.length;
    await expectTheirOwn(at.ftp);
    expect(packets.lines.every((lines) => lines.length === 1)).toBe(true);
    const dialogue = at.server.events.slice(before).map(({ kind }) => kind);
    expect(dialogue).toEqual(packets.sent.flatMap(() => ['command', 'reply']));
  });

  it('get their own answers from a client, and over TLS', async () => {
    await using server = await scriptedServer({ files, ...known, tls: 'explicit' });
    const tls = { ca: server.tls?.authority.cert };
    await using ftp = clientOf(server, { secure: 'explicit', tls });
    await expectTheirOwn(ftp);
    await using plain = await scriptedServer({ files, ...known });
    await using other = clientOf(plain, { maxSessions: 3 });
    await expectTheirOwn(other);
    expect(plain.sessions.length).toBeLessThanOrEqual(3);
  });

  it('of a client go out in one write too', async () => {
    await using server = await scriptedServer({ files, ...known });
    const packets = new Packets();
    await using ftp = clientOf(server, { connector: packets.connector });
    await observe(ftp.noop$()).settled;
    packets.clear();
    const all = ['/a', '/b', '/c'].map((path) => observe(ftp.size$(path)));
    expect(await Promise.all(all.map(({ settled }) => settled))).toEqual([[3], [4], [5]]);
    expect(packets.lines).toEqual([['TYPE I', 'SIZE /a', 'SIZE /b', 'SIZE /c']]);
  });

  it('need not wait for a next turn: one alone is a window', async () => {
    const { at, packets } = await listened();
    await using _ = at;
    expect(await observe(at.ftp.mdtm$('/a')).settled).toEqual([modified]);
    expect(await observe(at.ftp.mdtm$('/b')).settled).toEqual([modified]);
    expect(packets.lines).toEqual([['MDTM /a'], ['MDTM /b']]);
  });

  it('that cannot be sent are refused, and the others do not notice', async () => {
    const { at, packets } = await listened();
    await using _ = at;
    const [first, bad, last] = [at.ftp.mdtm$('/a'), at.ftp.dele$('/a\r\nDELE /b'), at.ftp.mdtm$('/b')].map((source) =>
      observe<unknown>(source),
    );
    expect(await bad?.failed).toBeInstanceOf(FtpUsageError);
    await Promise.all([first?.settled, last?.settled]);
    expect(packets.lines).toEqual([['MDTM /a', 'MDTM /b']]);
  });
});

/** The lines that are unanswered at a session, looked at whenever something is written. */
class Unanswered {
  readonly lines: string[] = [];
  /** The most there ever were. */
  commands = 0;
  bytes = 0;
  readonly packets: Packets = new Packets((packet) => this.#onSent(packet));

  follow(ftp: FtpSession): void {
    this.lines.length = 0;
    ftp.reply$.subscribe(() => this.lines.shift());
  }

  #onSent(packet: string): void {
    expect(packet).toMatch(/\r\n$/);
    this.lines.push(...packet.split('\r\n').slice(0, -1));
    this.commands = Math.max(this.commands, this.lines.length);
    this.bytes = Math.max(this.bytes, Buffer.byteLength(this.lines.map((line) => `${line}\r\n`).join('')));
  }
}

describe('the limits of a window', () => {
  it('are 32 commands; more follow in one write when half of them are answered', async () => {
    const gates = Array.from({ length: 100 }, () => new Latch());
    const { at, packets } = await listened(known, (server) =>
      server.on('MKD', async (session, argument) => {
        await gates[Number(argument.slice(2))]?.opened;
        return session.reply(`257 "${argument}" created`);
      }),
    );
    await using _ = at;
    const all = gates.map((_, n) => observe(at.ftp.mkd$(`/d${n}`)));
    const answer = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n += 1) gates[n]?.open();
      await all[to - 1]?.settled;
      await new Promise((resolve) => setImmediate(resolve));
    };
    await answer(0, 15);
    expect(packets.lines.map(({ length }) => length)).toEqual([32]);
    await answer(15, 16);
    expect(packets.lines.map(({ length }) => length)).toEqual([32, 16]);
    await answer(16, 31);
    expect(packets.lines.map(({ length }) => length)).toEqual([32, 16]);
    await answer(31, 32);
    expect(packets.lines.map(({ length }) => length)).toEqual([32, 16, 16]);
    for (const gate of gates) gate.open();
    expect(await Promise.all(all.map(({ settled }) => settled))).toEqual(all.map((_, n) => [`/d${n}`]));
    expect(packets.lines.flat()).toEqual(all.map((_, n) => `MKD /d${n}`));
  });

  it('are filled also when all of one write is answered, so that what comes back together stays together', async () => {
    const gates = new Map(['/a', '/b', '/c'].map((path) => [path, new Latch()]));
    const { at, packets } = await listened(known, (server) =>
      server.on('MDTM', async (session, argument) => {
        await gates.get(argument)?.opened;
        return session.reply('213 20240203040506');
      }),
    );
    await using _ = at;
    const ask = (path: string, count: number) => Array.from({ length: count }, () => observe(at.ftp.mdtm$(path)));
    const first = ask('/a', 5);
    await at.server.received('MDTM', 5);
    const rest = [...ask('/b', 27), ...ask('/c', 9)];
    await at.server.received('MDTM', 32);
    expect(packets.lines.map(({ length }) => length)).toEqual([5, 27]);
    gates.get('/a')?.open();
    await at.server.received('MDTM', 37);
    expect(packets.lines.map(({ length }) => length)).toEqual([5, 27, 5]);
    for (const gate of gates.values()) gate.open();
    await Promise.all([...first, ...rest].map(({ settled }) => settled));
    expect(packets.lines.map(({ length }) => length)).toEqual([5, 27, 5, 4]);
  });

  it.each([
    'whole',
    'bytes',
  ] as const)('are 32 commands and 2 KiB, and a TYPE, whatever is asked and answered, in whole lines (%s)', async (chunking) => {
    const random = new Random();
    const unanswered = new Unanswered();
    const { packets } = unanswered;
    await using at = await connected({ files, ...known, chunking }, { connector: packets.connector });
    packets.clear();
    unanswered.follow(at.ftp);
    const names = Array.from(
      { length: 1_000 },
      (_, n) => `/${n}${'x'.repeat(random.below(random.pick([10, 60, 700])))}`,
    );
    const all = names.map((name, n) => {
      const source: Observable<unknown> =
        n % 3 === 0 ? at.ftp.mkd$(name) : n % 3 === 1 ? at.ftp.size$(name) : at.ftp.dele$(name);
      return observe(source);
    });
    for (const [n, one] of all.entries()) {
      if (n % 3 === 0) expect(await one.settled).toEqual([names[n]]);
      else expect(await one.failed).toMatchObject({ command: `${n % 3 === 1 ? 'SIZE' : 'DELE'} ${names[n]}` });
    }
    const sent = packets.lines.flat();
    expect(sent.filter((line) => line !== 'TYPE I')).toEqual(
      names.map((name, n) => `${['MKD', 'SIZE', 'DELE'][n % 3]} ${name}`),
    );
    expect(sent.filter((line) => line === 'TYPE I')).toHaveLength(1);
    expect(unanswered.commands, `seed ${random.seed}`).toBeLessThanOrEqual(33);
    expect(unanswered.commands, `seed ${random.seed}`).toBeGreaterThan(16);
    expect(unanswered.bytes, `seed ${random.seed}`).toBeLessThanOrEqual(2048);
    expect(unanswered.lines).toEqual([]);
  });

  it('count bytes and not characters, and let a long command go alone', async () => {
    const { at, packets } = await listened();
    await using _ = at;
    const wide = `/${'ü'.repeat(600)}`;
    const long = `/${'y'.repeat(3000)}`;
    const all = [wide, wide, long, '/a', '/b'].map((path) => observe(at.ftp.mdtm$(path)));
    await Promise.all(all.map(({ ended }) => ended));
    expect(packets.lines).toEqual([[`MDTM ${wide}`], [`MDTM ${wide}`], [`MDTM ${long}`], ['MDTM /a', 'MDTM /b']]);
  });

  it('end at an exclusive operation, which nobody overtakes', async () => {
    const { at, packets } = await listened();
    await using _ = at;
    const { ftp } = at;
    const sources = [ftp.mdtm$('/a'), ftp.mdtm$('/b'), ftp.cwd$('/dir'), ftp.mdtm$('/a'), ftp.pwd$(), ftp.mdtm$('/c')];
    const all = sources.map((source) => observe<unknown>(source));
    await Promise.all(all.map(({ settled }) => settled));
    expect(packets.lines).toEqual([['MDTM /a', 'MDTM /b'], ['CWD /dir'], ['MDTM /a'], ['PWD'], ['MDTM /c']]);
  });

  it('end at a transfer, which has the connection alone', async () => {
    const { at, packets } = await listened();
    await using _ = at;
    const all = [at.ftp.mdtm$('/a'), at.ftp.retr$('/b'), at.ftp.mdtm$('/b'), at.ftp.mdtm$('/c')].map((source) =>
      observe<unknown>(source),
    );
    await Promise.all(all.map(({ settled }) => settled));
    expect(packets.lines).toEqual([['MDTM /a'], ['TYPE I'], ['EPSV'], ['RETR /b'], ['MDTM /b', 'MDTM /c']]);
    const done = at.server.journal.of('reply').find(({ text }) => text.startsWith('226'))?.seq ?? 0;
    const next = at.server.journal.of('command').find(({ text }) => text === 'MDTM /b')?.seq ?? 0;
    expect(next).toBeGreaterThan(done);
    expect(done).toBeGreaterThan(0);
  });

  it('leave room for who comes later: he does not wait for what is under way', async () => {
    const go = new Latch();
    const { at, packets } = await listened(known, holdingMdtm(go));
    await using _ = at;
    const first = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b'))];
    await at.server.received('MDTM', 2);
    const later = [observe(at.ftp.mdtm$('/c')), observe(at.ftp.size$('/a'))];
    await at.server.received('SIZE');
    expect(packets.lines).toEqual([
      ['MDTM /a', 'MDTM /b'],
      ['MDTM /c', 'TYPE I', 'SIZE /a'],
    ]);
    go.open();
    await Promise.all([...first, ...later].map(({ settled }) => settled));
  });
});

describe('TYPE I', () => {
  it('is asked for once by all SIZEs of a window, and no more when it is set', async () => {
    const { at, packets } = await listened();
    await using _ = at;
    const first = ['/a', '/b'].map((path) => observe(at.ftp.size$(path)));
    expect(await Promise.all(first.map(({ settled }) => settled))).toEqual([[3], [4]]);
    expect(await observe(at.ftp.size$('/c')).settled).toEqual([5]);
    expect(packets.lines).toEqual([['TYPE I', 'SIZE /a', 'SIZE /b'], ['SIZE /c']]);
  });

  it.each([known, unknown])('that is refused is what its SIZEs fail with, and nobody else (%j)', async (greeting) => {
    const { at } = await listened(greeting, (server) => server.once('TYPE', (session) => session.reply('504 Not I.')));
    await using _ = at;
    const [a, time, b] = [observe(at.ftp.size$('/a')), observe(at.ftp.mdtm$('/a')), observe(at.ftp.size$('/b'))];
    expect(await a.failed).toMatchObject({ command: 'TYPE I', reply: { code: 504 } });
    expect(await time.settled).toEqual([modified]);
    if (greeting === known) expect(await b.failed).toBe(a.error);
    else expect(await b.settled).toEqual([4]);
    expect(await observe(at.ftp.size$('/c')).settled).toEqual([5]);
  });
});

describe('whoever leaves', () => {
  it('before the turn ends gets nothing, and the others get their own', async () => {
    const { at } = await listened();
    await using _ = at;
    const all = ['/a', '/b', '/c'].map((path) => observe(at.ftp.size$(path)));
    all[1]?.unsubscribe();
    expect([await all[0]?.settled, await all[2]?.settled]).toEqual([[3], [5]]);
    expect(all[1]?.values).toEqual([]);
    expect(await observe(at.ftp.size$('/b')).settled).toEqual([4]);
  });

  it('a client before the turn ends has sent nothing', async () => {
    await using server = await scriptedServer({ files, ...known });
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const all = ['/a', '/b', '/c'].map((path) => observe(ftp.dele$(path)));
    all[1]?.unsubscribe();
    await Promise.all([all[0]?.settled, all[2]?.settled]);
    expect(server.commands.filter((line) => line.startsWith('DELE'))).toEqual(['DELE /a', 'DELE /c']);
    expect(server.tree.text('/b')).toBe('four');
  });

  it.each([1, 2])('a session before the turn ends has sent nothing (%i of 2)', async (left) => {
    const { at } = await listened();
    await using _ = at;
    const all = ['/a', '/b'].map((path) => observe(at.ftp.dele$(path)));
    for (const one of all.slice(0, left)) one.unsubscribe();
    if (left === 1) await all[1]?.settled;
    await observe(at.ftp.noop$()).settled;
    expect(at.commands).toEqual([...(left === 1 ? ['DELE /b'] : []), 'NOOP']);
    expect([at.server.tree.text('/a'), at.status]).toEqual(['abc', 'idle']);
  });

  it('lets go on at once who waits behind', async () => {
    const { at } = await listened();
    await using _ = at;
    const left = observe(at.ftp.dele$('/a'));
    const next = observe(at.ftp.pwd$());
    left.unsubscribe();
    expect(await next.settled).toEqual(['/']);
    expect(at.commands).toEqual(['PWD']);
  });

  it('while the window is under way has his answer dropped', async () => {
    const go = new Latch();
    const { at } = await listened(known, (server) =>
      server.once('MDTM', async (_session, _argument, command) => {
        await go.opened;
        await command.byDefault();
      }),
    );
    await using _ = at;
    const [time, ...sizes] = [at.ftp.mdtm$('/a'), ...['/a', '/none', '/c'].map((path) => at.ftp.size$(path))].map(
      (source) => observe<unknown>(source),
    );
    await at.server.received('SIZE', 3);
    time?.unsubscribe();
    sizes[1]?.unsubscribe();
    const next = observe(at.ftp.size$('/b'));
    go.open();
    expect([await sizes[0]?.settled, await sizes[2]?.settled, await next.settled]).toEqual([[3], [5], [4]]);
    expect([time?.values, sizes[1]?.values]).toEqual([[], []]);
  });

  it('has nobody sent beside him until his answer is in, and then all who wait', async () => {
    const go = new Latch();
    const { at, packets } = await listened(known, holdingMdtm(go));
    await using _ = at;
    const [left, kept] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b'))];
    await at.server.received('MDTM', 2);
    left.unsubscribe();
    const waiting = [observe(at.ftp.mdtm$('/c')), observe(at.ftp.mdtm$('/a'))];
    await new Promise((resolve) => setImmediate(resolve));
    expect(packets.lines).toEqual([['MDTM /a', 'MDTM /b']]);
    go.open();
    for (const one of [kept, ...waiting]) expect(await one.settled).toEqual([modified]);
    expect(packets.lines.flat()).toEqual(['MDTM /a', 'MDTM /b', 'MDTM /c', 'MDTM /a']);
  });

  it('while a window that is slow is under way does not end it for the others', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const go = new Latch();
    const { at } = await listened(
      known,
      (server) =>
        server.once('MDTM', async (_session, _argument, command) => {
          await go.opened;
          await command.byDefault();
        }),
      { abortTimeoutMs: 1_000 },
    );
    await using _ = at;
    const [left, kept] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.size$('/a'))];
    await at.server.received('SIZE');
    left.unsubscribe();
    await vi.advanceTimersByTimeAsync(5_000);
    go.open();
    expect(await kept.settled).toEqual([3]);
    expect(at.connection.end).toBeUndefined();
  });

  it('as the last of a window that hangs has it given up in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { at } = await listened(known, (server) => server.answer('MDTM'), { abortTimeoutMs: 1_000 });
    await using _ = at;
    const all = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b'))];
    await at.server.received('MDTM', 2);
    for (const one of all) one.unsubscribe();
    const next = observe(at.ftp.size$('/a'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await next.failed).toMatchObject({ phase: 'queued' });
    expect(await at.connection.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'abort', afterMs: 1_000 });
  });

  it.each([
    ['hangs', 2_500, false],
    ['is only slow', 900, true],
  ])('behind somebody who stays has his own time when that one has his answer (%s)', async (_what, waited, answers) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { at, answer } = await gated({ abortTimeoutMs: 1_000 });
    await using _ = at;
    const [kept, left] = ['/a', '/b'].map((path) => observe(at.ftp.mdtm$(path)));
    await at.server.received('MDTM', 2);
    left?.unsubscribe();
    await vi.advanceTimersByTimeAsync(waited);
    answer('/a');
    expect(await kept?.settled).toEqual([modified]);
    const next = observe(at.ftp.noop$());
    await vi.advanceTimersByTimeAsync(900);
    expect([at.connection.end, next.end]).toEqual([undefined, undefined]);
    if (answers) answer('/b');
    else await vi.advanceTimersByTimeAsync(100);
    if (answers) expect(await next.settled).toMatchObject([{ code: 200 }]);
    else expect(await next.failed).toMatchObject({ phase: 'queued' });
    const given = { code: 'ERR_FTP_TIMEOUT', phase: 'abort', afterMs: 1_000 };
    if (!answers) expect(await at.connection.failed).toMatchObject(given);
  });

  it('has the session busy as long as others stay, and aborting when they have their answers', async () => {
    const { at, answer } = await gated();
    await using _ = at;
    const all = ['/a', '/b', '/c'].map((path) => observe(at.ftp.mdtm$(path)));
    await at.server.received('MDTM', 3);
    all[0]?.unsubscribe();
    all[2]?.unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(at.status).toBe('busy');
    answer('/a');
    answer('/b');
    await all[1]?.settled;
    await new Promise((resolve) => setImmediate(resolve));
    expect(at.status).toBe('aborting');
    answer('/c');
    expect(await observe(at.ftp.size$('/a')).settled).toEqual([3]);
    expect(at.state.values.map(({ status }) => status)).toEqual(['idle', 'busy', 'aborting', 'busy', 'idle']);
  });
});

describe('a window that goes wrong', () => {
  it('fails for everybody when the connection is lost', async () => {
    const { at } = await listened(known, (server) => server.once('DELE', (session) => session.closeControl('rst')));
    await using _ = at;
    const done = observe(at.ftp.mdtm$('/a'));
    const lost = [at.ftp.dele$('/a'), at.ftp.size$('/b'), at.ftp.mkd$('/x')].map((source) => observe<unknown>(source));
    expect(await done.settled).toEqual([modified]);
    for (const { failed } of lost) expect(await failed).toBeInstanceOf(FtpConnectionError);
    expect(await at.connection.failed).toBeInstanceOf(FtpConnectionError);
  });

  it.each([
    'whole',
    'bytes',
  ] as const)("fails for everybody from a reply on that is nobody's (%s)", async (chunking) => {
    const { at } = await listened({ ...known, chunking }, (server) =>
      server.once('DELE', (session) => session.reply('226 Stray.', '250 Deleted.')),
    );
    await using _ = at;
    const done = observe(at.ftp.size$('/a'));
    const poisoned = [at.ftp.dele$('/a'), at.ftp.size$('/b'), at.ftp.mkd$('/x')].map((source) =>
      observe<unknown>(source),
    );
    expect(await done.settled).toEqual([3]);
    for (const { failed } of poisoned) expect(await failed).toBeInstanceOf(FtpProtocolError);
    expect(await at.connection.failed).toBeInstanceOf(FtpProtocolError);
  });

  it('goes on one by one after a reply too many, which a fence has found', async () => {
    const { at } = await listened(known, (server) =>
      server.on('MKD', (session, argument) => session.reply(`257 "${argument}" created`, '200 And more.')),
    );
    await using _ = at;
    const all = [observe(at.ftp.mkd$('/x')), observe(at.ftp.size$('/a'))];
    expect(await all[0]?.settled).toEqual(['/x']);
    expect(await all[1]?.settled).toEqual([3]);
  });

  it('is told by 421', async () => {
    const { at } = await listened(known, (server) => server.once('DELE', (session) => session.reply('421 Closing.')));
    await using _ = at;
    const lost = [at.ftp.dele$('/a'), at.ftp.size$('/b')].map((source) => observe<unknown>(source));
    for (const { failed } of lost) expect(await failed).toMatchObject({ reply: { code: 421 } });
    await at.connection.ended;
  });

  it('is timed out reply by reply: each has replyTimeoutMs from its turn on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const steps = new Map(['/a', '/b', '/c'].map((path) => [path, new Latch()]));
    const { at } = await listened(
      known,
      (server) =>
        server.on('MDTM', async (_session, argument, command) => {
          await steps.get(argument)?.opened;
          await command.byDefault();
        }),
      { replyTimeoutMs: 1_000 },
    );
    await using _ = at;
    const all = ['/a', '/b', '/c'].map((path) => observe(at.ftp.mdtm$(path)));
    const behind = observe(at.ftp.size$('/a'));
    await at.server.received('MDTM', 3);
    await vi.advanceTimersByTimeAsync(900);
    steps.get('/a')?.open();
    expect(await all[0]?.settled).toEqual([modified]);
    await vi.advanceTimersByTimeAsync(900);
    steps.get('/b')?.open();
    expect(await all[1]?.settled).toEqual([modified]);
    await vi.advanceTimersByTimeAsync(1_000);
    const error = await all[2]?.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ command: 'MDTM /c', phase: 'reply', afterMs: 1_000 });
    expect(await behind.failed).toBe(error);
    expect(await at.connection.failed).toBe(error);
  });
});

describe('a second command of an operation', () => {
  it('is sent when its first was answered, whatever else is in the window (MFMT, then MDTM)', async () => {
    const { at } = await listened(known, (server) => {
      server.answer('MFMT', '500 Unknown.');
      server.on('MDTM', (session, argument) => session.reply(`213 ${argument.split(' ')[0]}`));
    });
    await using _ = at;
    const all = ['/a', '/b'].map((path) => observe(at.ftp.mfmt$(path, modified)));
    const size = observe(at.ftp.size$('/a'));
    for (const { settled } of all) expect(await settled).toMatchObject([{ code: 213, text: '20240203040506' }]);
    expect(await size.settled).toEqual([3]);
    expect(await observe(at.ftp.size$('/b')).settled).toEqual([4]);
  });
});

describe('a session that must follow its client first', () => {
  it('does so alone, before the window', async () => {
    const go = new Latch();
    await using server = await scriptedServer({ files, ...known });
    server.once('HELP', async (_session, _argument, command) => {
      await go.opened;
      await command.byDefault();
    });
    const packets = new Packets();
    await using ftp = clientOf(server, { maxSessions: 2, connector: packets.connector });
    await observe(ftp.cwd$('/dir')).settled;
    const first = observe(ftp.help$());
    await server.received('HELP');
    const all = ['/a', '/b', '/c'].map((path) => observe(ftp.mdtm$(path)));
    for (const { settled } of all) expect(await settled).toEqual([modified]);
    go.open();
    await first.settled;
    const second = server.journal.of('command').filter(({ session }) => session === 2);
    expect(second.map(({ text }) => text).slice(-4)).toEqual(['CWD /dir', 'MDTM /a', 'MDTM /b', 'MDTM /c']);
    expect(packets.lines).toContainEqual(['CWD /dir']);
    expect(packets.lines).toContainEqual(['MDTM /a']);
    expect(packets.lines).toContainEqual(['MDTM /b', 'MDTM /c']);
  });
});
