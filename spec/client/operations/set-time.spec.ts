/** `mfmt$` on servers with their different commands to set a time, and on those that say so without doing it. */
import { filter } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type FtpClient,
  type FtpEvent,
  FtpReplyError,
  FtpUnsupportedError,
  FtpUsageError,
} from '../../../lib/index.js';
import { type Observation, observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const PATH = '/a b';
const files = { [PATH]: 'hello', '/a  c': 'two blanks' };
const date = new Date('2001-02-03T04:05:06.789Z');
const TIME = '20010203040506';
const UTIME_PATH = `SITE UTIME ${PATH} ${TIME} ${TIME} ${TIME} UTC`;
const UTIME_TIME = `SITE UTIME ${TIME} ${PATH}`;

type Way = 'MDTM' | 'path' | 'time';

/** A server without MFMT that sets the time in one way, and takes any other for a name, or for words that it does not know. */
async function serverOf(
  way: Way | undefined,
  says = '213 It is set.',
  features = ['SIZE', 'MDTM'],
): Promise<ScriptedServer> {
  const server = await scriptedServer({ files });
  server.features = features;
  server.answer('MFMT', '500 What?');
  const set = (path: string): void => {
    const node = server.tree.get(path);
    if (node !== undefined) node.modified = new Date('2001-02-03T04:05:06Z');
  };
  server.on('MDTM', (session, argument, { byDefault }) => {
    if (way !== 'MDTM' || !argument.startsWith(`${TIME} `)) return byDefault();
    set(argument.slice(TIME.length + 1));
    return session.reply(says);
  });
  server.on('SITE', (session, argument) => {
    const path = way === 'path' && /^UTIME (.+) \d{14} \d{14} \d{14} UTC$/.exec(argument)?.[1];
    const other = way === 'time' && /^UTIME \d{14} (.+)$/.exec(argument)?.[1];
    if (!path && !other) return session.reply('500 Unknown SITE command.');
    set(path || other || '');
    return session.reply('200 SITE UTIME command successful.');
  });
  return server;
}

const fallbacks = (ftp: FtpClient): Observation<FtpEvent> =>
  observe(ftp.events$.pipe(filter(({ type }) => type === 'fallback')));

describe('mfmt$ by MFMT', () => {
  it('sets the time in UTC, to the second', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect((await observe(ftp.mfmt$(PATH, date)).settled)[0]?.code).toBe(213);
    expect(afterLogin(server)).toEqual([`MFMT ${TIME} ${PATH}`]);
    expect(await observe(ftp.mdtm$(PATH)).settled).toEqual([new Date('2001-02-03T04:05:06.000Z')]);
  });

  it.each([550, 501, 450, 553])('errors with its refusal by %i, and nothing else is tried', async (code) => {
    await using server = await scriptedServer({ files });
    server.answer('MFMT', `${code} No.`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$('/no', date)).failed).toMatchObject({
      command: `MFMT ${TIME} /no`,
      reply: { code },
    });
    expect(afterLogin(server)).toEqual([`MFMT ${TIME} /no`]);
  });

  it.each([
    new Date(Number.NaN),
    'yesterday' as never,
    undefined as never,
  ])('refuses %j, with nothing sent', async (time) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$('/a', time)).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(ftp.mfmt$('/a\nb', date)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });
});

describe('mfmt$ without MFMT', () => {
  const first = [`MFMT ${TIME} ${PATH}`, `MDTM ${TIME} ${PATH}`];
  it.each<[way: Way, commands: string[], again: string]>([
    ['MDTM', [...first, `MDTM ${PATH}`], `MDTM ${TIME} ${PATH}`],
    ['path', [...first, UTIME_PATH, `MDTM ${PATH}`], UTIME_PATH],
    ['time', [...first, UTIME_PATH, UTIME_TIME, `MDTM ${PATH}`], UTIME_TIME],
  ])('finds the way (%s), makes sure, and remembers it', async (way, commands, again) => {
    await using server = await serverOf(way);
    await using ftp = clientOf(server);
    const events = fallbacks(ftp);
    const [reply] = await observe(ftp.mfmt$(PATH, date)).settled;
    expect(reply?.text).toMatch(/It is set|successful/);
    expect(afterLogin(server)).toEqual(commands);
    expect(server.tree.get(PATH)?.modified).toEqual(new Date('2001-02-03T04:05:06Z'));
    await observe(ftp.mfmt$(PATH, date)).settled;
    expect(afterLogin(server)).toEqual([...commands, again]);
    expect(events.values).toHaveLength(commands.length - 2);
    expect(events.values[0]).toMatchObject({ what: 'MFMT', reply: { code: 500 } });
    events.unsubscribe();
  });

  it('takes the refusal by a way that has worked for one of the file', async () => {
    await using server = await serverOf('path');
    await using ftp = clientOf(server);
    await observe(ftp.mfmt$(PATH, date)).settled;
    server.answer('SITE', '550 No such file.');
    expect(await observe(ftp.mfmt$('/no', date)).failed).toMatchObject({ reply: { code: 550 }, transient: false });
    expect(afterLogin(server).at(-1)).toMatch(/^SITE UTIME \/no /);
  });

  it.each<[feature: string, way: Way, commands: string[]]>([
    ['SITE UTIME', 'path', [UTIME_PATH, `MDTM ${PATH}`]],
    ['SITE UTIME', 'time', [UTIME_PATH, UTIME_TIME, `MDTM ${PATH}`]],
    ['MDTM YYYYMMDDHHMMSS[+-TZ];filename', 'MDTM', [`MDTM ${TIME} ${PATH}`, `MDTM ${PATH}`]],
  ])('begins with what FEAT names: %s', async (feature, way, commands) => {
    await using server = await serverOf(way, '213 It is set.', ['SITE MKDIR', feature]);
    await using ftp = clientOf(server);
    await observe(ftp.mfmt$(PATH, date)).settled;
    expect(afterLogin(server)).toEqual(commands);
  });

  it.each([
    ['the time alone', `213 ${TIME}`],
    ['the time with a fraction', `213 ${TIME}.000`],
  ])('believes an echo of %s', async (_what, says) => {
    await using server = await serverOf('MDTM', says);
    await using ftp = clientOf(server);
    await observe(ftp.mfmt$(PATH, date)).settled;
    expect(afterLogin(server)).toEqual([`MFMT ${TIME} ${PATH}`, `MDTM ${TIME} ${PATH}`]);
  });

  it.each(['/a  c', '/a b ', ' a'])('never hands %j to SITE, which may name another file', async (path) => {
    await using server = await serverOf('path');
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$(path, date)).failed).toBeInstanceOf(FtpReplyError);
    await observe(ftp.mfmt$(PATH, date)).settled;
    const sent = server.commands.length;
    const error = await observe(ftp.mfmt$(path, date)).failed;
    expect(error).toBeInstanceOf(FtpUnsupportedError);
    expect(String(error)).toContain('blanks');
    expect(server.commands).toHaveLength(sent);
  });
});

describe('mfmt$ is no success', () => {
  it('where MDTM takes the time for a part of a name that there is', async () => {
    await using server = await serverOf(undefined);
    server.on('MDTM', (session) => session.reply('213 20240203040506'));
    await using ftp = clientOf(server);
    const error = await observe(ftp.mfmt$(PATH, date)).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(String(error)).toContain('the file has another time: 2024-02-03T04:05:06.000Z');
  });

  it.each([
    ['200 to any SITE', '200 SITE command was accepted.'],
    ['202 to any SITE', '202 SITE is superfluous.'],
  ])('on a server that says %s', async (_what, says) => {
    await using server = await serverOf(undefined);
    server.answer('SITE', says);
    await using ftp = clientOf(server);
    const error = await observe(ftp.mfmt$(PATH, date)).failed;
    expect(error).toMatchObject({ command: `MFMT ${TIME} ${PATH}`, reply: { code: 500 } });
    expect(String(error)).toMatch(/SITE UTIME .* was answered by "20[02] .*", but the time is not set: /);
    expect(server.tree.get(PATH)?.modified).toEqual(new Date('2024-02-03T04:05:06Z'));
  });

  it('by MFMT that is answered by 202', async () => {
    await using server = await serverOf(undefined);
    server.answer('MFMT', '202 MFMT is superfluous.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$(PATH, date)).failed).toMatchObject({ reply: { code: 202 }, outcome: 'unknown' });
  });

  it('but by MFMT that is answered by 202 with the time, since the class of a reply decides', async () => {
    await using server = await serverOf(undefined);
    server.answer('MFMT', `202 Modify=${TIME}; ${PATH}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$(PATH, date)).settled).toHaveLength(1);
  });

  it('where MDTM cannot tell, unless FEAT names the command', async () => {
    for (const features of [['SIZE'], ['SIZE', 'SITE UTIME']]) {
      await using server = await serverOf('path', '', features);
      server.answer('MDTM', '500 What?');
      await using ftp = clientOf(server);
      const setting = observe(ftp.mfmt$(PATH, date));
      expect(await setting.ended).toBe(features.length === 1 ? 'error' : 'complete');
      if (setting.error !== undefined) expect(String(setting.error)).toContain('MDTM does not tell');
    }
  });

  it('where every command is refused: the error is that of the first, and tells of all', async () => {
    await using server = await serverOf(undefined);
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$('/no', date)).failed).toMatchObject({
      command: `MFMT ${TIME} /no`,
      reply: { code: 500 },
      outcome: 'refused',
      message: expect.stringMatching(/^MFMT .*refused: 500 .*; MDTM .*refused: 550 .*; SITE UTIME .*refused: 500 /),
      cause: { command: `SITE UTIME ${TIME} /no` },
    });
  });
});

describe('mfmt$ of known servers', () => {
  it('is MDTM at once on vsftpd, whose refusal is then the error', async () => {
    await using server = await scriptedServer({ files, greeting: '220 (vsFTPd 3.0.3)' });
    server.answer('MDTM', '213 File modification time set.');
    await using ftp = clientOf(server);
    await observe(ftp.mfmt$(PATH, date)).settled;
    server.answer('MDTM', '550 Could not set file modification time.');
    expect(await observe(ftp.mfmt$('/no', date)).failed).toMatchObject({
      command: `MDTM ${TIME} /no`,
      reply: { code: 550 },
    });
    expect(afterLogin(server)).toEqual([`MDTM ${TIME} ${PATH}`, `MDTM ${TIME} /no`]);
  });

  it('stops at a syntax error on inetutils, which gives no reply to the next command that it does not know', async () => {
    const greeting = '220 ftp.example.com FTP server (GNU inetutils 2.4) ready.';
    await using server = await scriptedServer({ files, greeting });
    server.answer('MFMT', "500 'MFMT': syntax error").answer('MDTM');
    await using ftp = clientOf(server);
    expect(await observe(ftp.mfmt$(PATH, date)).failed).toMatchObject({ reply: { code: 500 } });
    expect(server.commands).not.toContain(`MDTM ${TIME} ${PATH}`);
  });
});

describe('mfmt$ that is left', () => {
  it.each<[verb: string, nth: number, sent: string[]]>([
    ['MFMT', 1, [`MFMT ${TIME} ${PATH}`]],
    ['SITE', 1, [`MFMT ${TIME} ${PATH}`, `MDTM ${TIME} ${PATH}`, UTIME_PATH]],
  ])('at %s sends no other command', async (verb, _nth, sent) => {
    await using server = await serverOf(undefined);
    server.on(verb, (session) => {
      leaving.unsubscribe();
      return session.reply('500 What?');
    });
    await using ftp = clientOf(server);
    const leaving = observe(ftp.mfmt$(PATH, date));
    await server.received(verb);
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual([...sent, 'NOOP']);
  });

  it('by its signal has that reason', async () => {
    await using server = await serverOf(undefined);
    await using ftp = clientOf(server);
    const reason = new Error('mine');
    expect(await observe(ftp.mfmt$(PATH, date, { signal: AbortSignal.abort(reason) })).failed).toBe(reason);
    expect(server.sessions).toHaveLength(0);
  });
});
