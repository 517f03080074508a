/** The writes of a window: which commands go out together, and that every subscriber gets the answer to its own. */
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpOperations } from '../../lib/client/ftp-operations.js';
import { FtpReplyError, FtpUsageError } from '../../lib/errors.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { Latch } from './support/connected.js';
import { Packets } from './support/packets.js';
import { files, gated, known, modified, observeAll, settled, unknown, windowed } from './support/windowed.js';

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

/** Asks all of `mix` in one turn: each subscriber gets the answer to its own command. */
async function expectOwnAnswers(ftp: FtpOperations): Promise<void> {
  const all = observeAll(...mix.map(([run]) => run(ftp)));
  await Promise.all(all.map(({ ended }) => ended));
  const told = all.map(({ values, error }) => (error instanceof FtpReplyError ? error.reply.code : values[0]));
  expect(told).toEqual(mix.map(([, value]) => value));
}

describe.each(['whole', 'bytes'] as const)('the plain commands of one turn (replies come by %s)', (chunking) => {
  it('leave in one write, and each gets its own answer', async () => {
    await using at = await windowed({ server: { ...known, chunking } });
    await expectOwnAnswers(at.ftp);
    expect(at.packets.sent).toHaveLength(1);
    expect(at.packets.sent[0]).toMatch(/\r\n$/);
    expect(at.packets.lines[0]?.slice(0, 4)).toEqual(['TYPE I', 'SIZE /a', 'MDTM /a', 'SIZE /none']);
    expect(at.packets.lines[0]).toHaveLength(mix.length + 1);
  });

  it('leave one by one where the server is not known', async () => {
    await using at = await windowed({ server: { ...unknown, chunking } });
    const before = at.server.events.length;
    await expectOwnAnswers(at.ftp);
    expect(at.packets.lines.every((lines) => lines.length === 1)).toBe(true);
    const dialogue = at.server.events.slice(before).map(({ kind }) => kind);
    expect(dialogue).toEqual(at.packets.sent.flatMap(() => ['command', 'reply']));
  });
});

describe('the plain commands of a client', () => {
  it('get their own answers over TLS', async () => {
    await using server = await scriptedServer({ files, ...known, tls: 'explicit' });
    await using ftp = clientOf(server, { secure: 'explicit', tls: { ca: server.tls?.authority.cert } });
    await expectOwnAnswers(ftp);
  });

  it('get their own answers from several sessions', async () => {
    await using server = await scriptedServer({ files, ...known });
    await using ftp = clientOf(server, { maxSessions: 3 });
    await expectOwnAnswers(ftp);
    expect(server.sessions.length).toBeLessThanOrEqual(3);
  });

  it('leave in one write, too', async () => {
    await using server = await scriptedServer({ files, ...known });
    const packets = new Packets();
    await using ftp = clientOf(server, { connector: packets.connector });
    await observe(ftp.noop$()).settled;
    packets.clear();
    const sizes = observeAll(...['/a', '/b', '/c'].map((path) => ftp.size$(path)));
    expect(await settled(sizes)).toEqual([[3], [4], [5]]);
    expect(packets.lines).toEqual([['TYPE I', 'SIZE /a', 'SIZE /b', 'SIZE /c']]);
  });

  it('wait until a session that has to follow its client has done so, alone', async () => {
    const help = new Latch();
    await using server = await scriptedServer({ files, ...known });
    server.once('HELP', async (_session, _argument, command) => {
      await help.opened;
      await command.byDefault();
    });
    const packets = new Packets();
    await using ftp = clientOf(server, { maxSessions: 2, connector: packets.connector });
    await observe(ftp.cwd$('/dir')).settled;
    const first = observe(ftp.help$());
    await server.received('HELP');
    const times = observeAll(...['/a', '/b', '/c'].map((path) => ftp.mdtm$(path)));
    expect(await settled(times)).toEqual([[modified], [modified], [modified]]);
    help.open();
    await first.settled;
    const second = server.journal.of('command').filter(({ session }) => session === 2);
    expect(second.map(({ text }) => text).slice(-4)).toEqual(['CWD /dir', 'MDTM /a', 'MDTM /b', 'MDTM /c']);
    expect(packets.lines).toContainEqual(['CWD /dir']);
    expect(packets.lines).toContainEqual(['MDTM /a']);
    expect(packets.lines).toContainEqual(['MDTM /b', 'MDTM /c']);
  });
});

describe('one command', () => {
  it('leaves at once when it is alone in its turn', async () => {
    await using at = await windowed();
    expect(await observe(at.ftp.mdtm$('/a')).settled).toEqual([modified]);
    expect(await observe(at.ftp.mdtm$('/b')).settled).toEqual([modified]);
    expect(at.packets.lines).toEqual([['MDTM /a'], ['MDTM /b']]);
  });

  it('is refused when it cannot be sent, and the others of its turn leave without it', async () => {
    await using at = await windowed();
    const first = observe(at.ftp.mdtm$('/a'));
    const bad = observe(at.ftp.dele$('/a\r\nDELE /b'));
    const last = observe(at.ftp.mdtm$('/b'));
    expect(await bad.failed).toBeInstanceOf(FtpUsageError);
    await settled([first, last]);
    expect(at.packets.lines).toEqual([['MDTM /a', 'MDTM /b']]);
  });

  it('leaves at once when it comes later and the window has room', async () => {
    await using at = await gated();
    const first = observeAll(at.ftp.mdtm$('/a'), at.ftp.mdtm$('/b'));
    await at.server.received('MDTM', 2);
    const later = observeAll(at.ftp.mdtm$('/c'), at.ftp.size$('/a'));
    await at.server.received('MDTM', 3);
    expect(at.packets.lines).toEqual([
      ['MDTM /a', 'MDTM /b'],
      ['MDTM /c', 'TYPE I', 'SIZE /a'],
    ]);
    at.answer();
    await settled([...first, ...later]);
  });

  it('leaves when the one before it in the same operation is answered (MFMT, then MDTM)', async () => {
    await using at = await windowed({
      script: (server) => {
        server.answer('MFMT', '500 Unknown.');
        server.on('MDTM', (session, argument) => session.reply(`213 ${argument.split(' ')[0]}`));
      },
    });
    const times = ['/a', '/b'].map((path) => observe(at.ftp.mfmt$(path, modified)));
    const size = observe(at.ftp.size$('/a'));
    for (const time of times) expect(await time.settled).toMatchObject([{ code: 213, text: '20240203040506' }]);
    expect(await size.settled).toEqual([3]);
    expect(await observe(at.ftp.size$('/b')).settled).toEqual([4]);
  });
});

describe('an operation that has the connection alone', () => {
  it('ends the window before it, and no command overtakes it', async () => {
    await using at = await windowed();
    const { ftp } = at;
    const all = [ftp.mdtm$('/a'), ftp.mdtm$('/b'), ftp.cwd$('/dir'), ftp.mdtm$('/a'), ftp.pwd$(), ftp.mdtm$('/c')];
    await settled(observeAll(...all));
    expect(at.packets.lines).toEqual([['MDTM /a', 'MDTM /b'], ['CWD /dir'], ['MDTM /a'], ['PWD'], ['MDTM /c']]);
  });

  it('ends with its final reply when it is a transfer, and then the next window goes out', async () => {
    await using at = await windowed();
    await settled(observeAll(at.ftp.mdtm$('/a'), at.ftp.retr$('/b'), at.ftp.mdtm$('/b'), at.ftp.mdtm$('/c')));
    expect(at.packets.lines).toEqual([['MDTM /a'], ['TYPE I'], ['EPSV'], ['RETR /b'], ['MDTM /b', 'MDTM /c']]);
    const done = at.server.journal.of('reply').find(({ text }) => text.startsWith('226'))?.seq ?? 0;
    const next = at.server.journal.of('command').find(({ text }) => text === 'MDTM /b')?.seq ?? 0;
    expect(next).toBeGreaterThan(done);
    expect(done).toBeGreaterThan(0);
  });
});

describe('TYPE I', () => {
  it('is sent once for all SIZEs of a window, and no more when it is set', async () => {
    await using at = await windowed();
    expect(await settled(observeAll(at.ftp.size$('/a'), at.ftp.size$('/b')))).toEqual([[3], [4]]);
    expect(await observe(at.ftp.size$('/c')).settled).toEqual([5]);
    expect(at.packets.lines).toEqual([['TYPE I', 'SIZE /a', 'SIZE /b'], ['SIZE /c']]);
  });

  it.each([known, unknown])('fails its SIZEs when it is refused, and nothing else (%j)', async (greeting) => {
    const script = (server: Parameters<typeof clientOf>[0]) =>
      server.once('TYPE', (session) => session.reply('504 Not I.'));
    await using at = await windowed({ server: greeting, script });
    const [a, time, b] = [observe(at.ftp.size$('/a')), observe(at.ftp.mdtm$('/a')), observe(at.ftp.size$('/b'))];
    expect(await a.failed).toMatchObject({ command: 'TYPE I', reply: { code: 504 } });
    expect(await time.settled).toEqual([modified]);
    if (greeting === known) expect(await b.failed).toBe(a.error);
    else expect(await b.settled).toEqual([4]);
    expect(await observe(at.ftp.size$('/c')).settled).toEqual([5]);
  });
});
