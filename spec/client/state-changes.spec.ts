import type { Observable } from 'rxjs';
import { first, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { clientOf } from './support/open.js';

const files = { '/dir/sub/a': 'lower', '/dir/a': 'middle', '/a': 'upper' };

/** The next `verb` is answered when the spec says so. */
function slow(server: ScriptedServer, verb: string): () => void {
  const { opened, open } = latch();
  server.once(verb, async (_session, _argument, command) => {
    await opened;
    await command.byDefault();
  });
  return open;
}

/** A client with two sessions, both idle. */
async function withTwoSessions(server: ScriptedServer, maxSessions = 2): Promise<FtpClient> {
  const ftp = clientOf(server, { maxSessions });
  const answer = slow(server, 'NOOP');
  const noop = observe(ftp.noop$());
  await server.received('NOOP');
  await observe(ftp.pwd$()).settled;
  answer();
  await noop.settled;
  expect(server.sessions).toHaveLength(2);
  return ftp;
}

/** Some turns of the event loop, in which what may be sent would be. */
async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function textOf(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString();
}

describe('what changes the state of a client with several sessions', () => {
  it.each([
    ['cwd$', (ftp: FtpClient) => ftp.cwd$('/dir')],
    ['a relative cwd$', (ftp: FtpClient) => ftp.cwd$('dir')],
    ['send$', (ftp: FtpClient) => ftp.send$('CWD dir')],
    ['exchange$', (ftp: FtpClient) => ftp.exchange$('XCWD /dir', { expect: 250 })],
  ])('holds up what comes after it: %s', async (name, change) => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    const answer = slow(server, name === 'exchange$' ? 'XCWD' : 'CWD');
    const changed = observe(change(ftp));
    const after = { pwd: observe(ftp.pwd$()), dele: observe(ftp.dele$('a')), size: observe(ftp.size$('sub/a')) };
    await aWhile();
    expect(server.commands.filter((line) => /^(DELE|SIZE)/.test(line))).toEqual([]);
    answer();
    expect((await changed.settled)[0]?.code).toBe(250);
    expect(await after.pwd.settled).toEqual(['/dir']);
    await after.dele.settled;
    expect(await after.size.settled).toEqual([5]);
    expect(server.tree.text('/a')).toBe('upper');
    expect(server.tree.text('/dir/a')).toBeUndefined();
  });

  it('is followed by every session: they work side by side again', async () => {
    await using server = await scriptedServer({ files });
    // One of three is kept for commands, which were asked for just now.
    await using ftp = await withTwoSessions(server, 3);
    const changed = observe(ftp.cwd$('/dir'));
    const answer = slow(server, 'RETR');
    const [first, second] = [observe(ftp.retr$('a')), observe(ftp.retr$('sub/a'))];
    expect(textOf(await Promise.race([first.settled, second.settled]))).toMatch(/^(middle|lower)$/);
    answer();
    expect([textOf(await first.settled), textOf(await second.settled)]).toEqual(['middle', 'lower']);
    await changed.settled;
  });

  it('is not held up by what came before it, which stays as it was', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    const answer = slow(server, 'HELP');
    const before = observe(ftp.help$());
    await server.received('HELP');
    expect((await observe(ftp.cwd$('dir')).settled)[0]?.code).toBe(250);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/dir']);
    expect(before.end).toBeUndefined();
    answer();
    await before.settled;
  });

  it('leaves the directory to the dele$ before it, whose session still waits for the answer to FEAT', async () => {
    const greeting = '220 ProFTPD Server';
    await using server = await scriptedServer({ greeting, files: { '/x': 'top', '/dir/x': 'lower' } });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const answerHelp = slow(server, 'HELP');
    const held = observe(ftp.help$());
    await server.received('HELP');
    // The port for this download is asked for with the login, which makes the session ready before FEAT is answered.
    const answerFeat = slow(server, 'FEAT');
    const download = observe(ftp.retr$('x'));
    const before = observe(ftp.dele$('x'));
    const leaves = ftp.command$.pipe(first((line) => line.startsWith('EPSV')));
    await observe(leaves, { next: () => download.unsubscribe() }).settled;
    await server.received('FEAT', 2);
    await aWhile();
    answerHelp();
    await held.settled;
    await observe(ftp.cwd$('/dir')).settled;
    answerFeat();
    await before.settled;
    expect(server.tree.text('/dir/x')).toBe('lower');
    expect(server.tree.text('/x')).toBeUndefined();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/dir']);
  });

  it('leaves the type to what came before it, though that is only about to begin', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    await observe(ftp.cwd$('/dir')).settled;
    const answer = slow(server, 'CWD');
    // One session is in the directory already, the other has to be brought there.
    const busy = observe(ftp.help$());
    const before = observe(ftp.stor$('new', 'x\n').pipe(toArray()));
    await server.received('CWD', 2);
    await busy.settled;
    await observe(ftp.type$('A')).settled;
    answer();
    await before.settled;
    expect(server.tree.text('/dir/new')).toBe('x\n');
    expect(textOf(await observe(ftp.retr$('new')).settled)).toBe('x\n');
    expect(server.commands.filter((line) => /^(TYPE|STOR|RETR)/.test(line))).toEqual([
      'TYPE A',
      'TYPE I',
      'STOR new',
      'RETR new',
    ]);
  });

  it('lets go when it is refused', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    const changed = observe(ftp.cwd$('missing'));
    const after = [observe(ftp.pwd$()), observe(ftp.pwd$())];
    expect(await changed.failed).toMatchObject({ command: 'CWD missing' });
    for (const { settled } of after) expect(await settled).toEqual(['/']);
  });

  it('lets go when its session is lost', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    // The first loss shows no more than that an idle session was dead: it starts over on the other one.
    for (let lost = 0; lost < 2; lost += 1) server.once('CWD', (session) => session.closeControl());
    const changed = observe(ftp.cwd$('dir'));
    const after = observe(ftp.pwd$());
    expect(await changed.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
    expect(await after.settled).toEqual(['/']);
  });

  it('holds later work up while it starts over on another session', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    server.once('CWD', (session) => session.closeControl());
    const changed = observe(ftp.cwd$('dir'));
    const after = [observe(ftp.pwd$()), observe(ftp.pwd$())];
    await changed.settled;
    for (const { settled } of after) expect(await settled).toEqual(['/dir']);
  });

  it('lets go, and sends nothing, when it is left before it begins', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    const changed = observe(ftp.cwd$('/dir'));
    const after = observe(ftp.pwd$());
    changed.unsubscribe();
    expect(await after.settled).toEqual(['/']);
    expect(server.commands).not.toContain('CWD /dir');
  });

  it('still changes it when it is given up on its way', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    const answer = slow(server, 'CWD');
    const changed = observe(ftp.cwd$('/dir'));
    const after = observe(ftp.pwd$());
    await server.received('CWD');
    changed.unsubscribe();
    await aWhile();
    expect(after.end).toBeUndefined();
    answer();
    expect(await after.settled).toEqual(['/dir']);
    expect(changed.values).toEqual([]);
  });

  it('changes nothing when it is given up before its turn', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const before = observe(ftp.noop$());
    const changed = observe(ftp.cwd$('/dir'));
    const after = observe(ftp.pwd$());
    changed.unsubscribe();
    await before.settled;
    expect(await after.settled).toEqual(['/']);
    expect(server.commands).not.toContain('CWD /dir');
  });

  it.each<[string, (ftp: FtpClient) => Observable<unknown>]>([
    ['pwd$', (ftp) => ftp.pwd$()],
    ['noop$', (ftp) => ftp.noop$()],
    ['send$', (ftp) => ftp.send$('NOOP')],
    ['exchange$', (ftp) => ftp.exchange$('NOOP', { expect: 200 })],
  ])('holds up the dele$ after it, though the %s before it has ended on another session', async (_name, earlier) => {
    await using server = await scriptedServer({ files: { '/up/x': 'up', '/x': 'top' } });
    await using ftp = await withTwoSessions(server);
    await observe(ftp.cwd$('/up')).settled;
    const answer = slow(server, 'CWD');
    const before = observe(earlier(ftp));
    const changed = observe(ftp.cwd$('/'));
    const after = observe(ftp.dele$('x'));
    await before.settled;
    await aWhile();
    expect(server.commands).not.toContain('DELE x');
    answer();
    await changed.settled;
    await after.settled;
    expect(server.tree.text('/up/x')).toBe('up');
    expect(server.tree.text('/x')).toBeUndefined();
  });

  it('needs no session for what waits for it', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { maxSessions: 3 });
    await observe(ftp.cwd$('/dir')).settled;
    const answer = slow(server, 'CWD');
    const moves = [observe(ftp.cwd$('sub')), observe(ftp.cwd$('..'))];
    await aWhile();
    expect(server.sessions).toHaveLength(1);
    answer();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/dir']);
    for (const { ended } of moves) expect(await ended).toBe('complete');
  });
});

describe('mlsd$ with facts', () => {
  const names = (entries$: Observable<{ readonly name: string }>): Promise<readonly string[]> =>
    observe(entries$).settled.then((entries) => entries.map(({ name }) => name));

  it('asks for them once, and is then a listing like any other: several go on side by side', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const facts = ['type', 'size'];
    await names(ftp.mlsd$('/dir', { facts }));
    const answer = slow(server, 'MLSD');
    const held = names(ftp.mlsd$('/dir', { facts }));
    await server.received('MLSD', 2);
    expect(await names(ftp.mlsd$('/dir/sub', { facts }))).toContain('a');
    answer();
    expect(await held).toContain('sub');
    const options = server.journal.of('command').filter(({ text }) => text.startsWith('OPTS MLST'));
    expect(options.map(({ session }) => session)).toEqual([1, 2]);
  });

  it('that are new goes before what comes after it', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = await withTwoSessions(server);
    const answer = slow(server, 'OPTS');
    const first = observe(ftp.mlsd$('/dir', { facts: ['size'] }));
    const second = observe(ftp.mlsd$('/dir'));
    await aWhile();
    expect(server.commands.filter((line) => line.startsWith('MLSD'))).toEqual([]);
    answer();
    for (const { settled } of [first, second]) {
      expect((await settled).map(({ name, facts }) => [name, ...facts.keys()])).toEqual([['sub'], ['a', 'size']]);
    }
  });
});
