/** CLNT, LANG and the user's own commands behind a login: when they are sent, and what comes of each reply. */
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpProtocolError, FtpReplyError } from '../../lib/index.js';
import { clientOf, clientOfTwoSessions } from '../client/support/open.js';
import { aWhile, fakeTimers, pass } from '../client/support/waits.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';
import { connected } from './support/connected.js';
import { fallbacks, lose } from './support/fallbacks.js';
import { Packets } from './support/packets.js';

const known = { greeting: '220 ProFTPD Server ready.' };
const spoken = { clientName: 'backup 1.0', language: 'fr-CA' };
const commands = ['SITE UMASK 022', 'SITE IDLE 900'];

/** A server that has CLNT, LANG and SITE. */
async function talkative(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer({ files: { '/sub/a': 'seven..' }, ...options });
  server.features = [...server.features, 'CLNT', 'LANG en*;fr-CA'];
  return server.answer('CLNT', '200 Hello.').answer('LANG', '200 Bonjour.').answer('SITE', '200 Done.');
}

function steps(server: ScriptedServer): string[] {
  return server.commands.filter((line) => /^(CLNT|LANG|SITE|ACCT|CWD|HELP)\b/.test(line));
}

describe('the steps of a login', () => {
  it.each([false, true])('go in order, one by one, before the directory (pipelineLogin: %s)', async (pipelineLogin) => {
    await using server = await talkative(known);
    const packets = new Packets();
    const { connector } = packets;
    const options = { ...spoken, loginCommands: commands, directory: '/sub', connector, pipelineLogin };
    await using ftp = clientOf(server, options);
    expect(Buffer.concat(await observe(ftp.retr$('a')).settled).toString()).toBe('seven..');
    const behind = ['CLNT backup 1.0', 'LANG fr-CA', ...commands, 'CWD /sub'];
    const at = packets.lines.findIndex(([first]) => first === behind[0]);
    expect(packets.lines.slice(at, at + behind.length)).toEqual(behind.map((line) => [line]));
    expect(packets.lines.slice(0, at).flat()).toContain('FEAT');
  });

  it('are none without these options', async () => {
    await using server = await talkative();
    await using ftp = clientOf(server);
    await observe(ftp.help$()).settled;
    expect(server.commands).toEqual(['USER anonymous', 'PASS anonymous@', 'FEAT', 'OPTS UTF8 ON', 'HELP']);
  });

  it('are those of each session, and of a session in place of a lost one', async () => {
    await using server = await talkative();
    await using ftp = await clientOfTwoSessions(server, { loginCommands: commands });
    expect(steps(server).filter((line) => line === commands[0])).toHaveLength(2);
    const idle = [1, 2].map((id) => server.event('control-closed', { where: ({ session }) => session === id }));
    for (const session of server.sessions) await session.closeControl('fin');
    await Promise.all(idle);
    await observe(ftp.help$('again')).settled;
    expect(steps(server).slice(-3)).toEqual([...commands, 'HELP again']);
  });

  it('go before a transfer that waits, whose port is asked for behind them', async () => {
    await using server = await talkative(known);
    await using ftp = clientOf(server, { loginCommands: commands, pipelineLogin: true });
    expect(Buffer.concat(await observe(ftp.retr$('/sub/a')).settled).toString()).toBe('seven..');
    expect(server.commands.slice(4, 7)).toEqual([...commands, 'TYPE I']);
  });
});

describe('CLNT and LANG', () => {
  const silent: readonly [string, (server: ScriptedServer) => unknown][] = [
    ['names neither', (server) => server.answer('FEAT', '211-Features:\r\n SIZE\r\n211 End')],
    ['is empty', (server) => server.answer('FEAT', '211 None.')],
    ['is refused', (server) => server.answer('FEAT', '500 What?')],
  ];

  it.each(silent)('are not sent where FEAT %s', async (_how, script) => {
    await using server = await talkative();
    script(server);
    await using ftp = clientOf(server, spoken);
    await observe(ftp.help$()).settled;
    expect(steps(server)).toEqual(['HELP']);
  });

  it('are not sent where FEAT is never answered; HOST and login commands are', async () => {
    await using server = await talkative();
    server.answer('HOST', '220 Yes.').on('FEAT', () => undefined);
    await using ftp = clientOf(server, { ...spoken, virtualHost: 'a', loginCommands: commands, replyTimeoutMs: 200 });
    await observe(ftp.help$()).settled;
    expect(server.commands.filter((line) => line === 'HOST a')).toHaveLength(2);
    expect(steps(server)).toEqual([...commands, 'HELP']);
  });

  it('are sent where the option features names them, and only then', async () => {
    await using server = await talkative();
    await using told = clientOf(server, { ...spoken, features: ['LANG', 'UTF8'] });
    await observe(told.help$()).settled;
    expect(steps(server)).toEqual(['LANG fr-CA', 'HELP']);
    expect(server.commands).not.toContain('FEAT');
  });

  it.each([
    '500 What?',
    '504 Not that.',
    '550 No.',
    '450 Not now.',
    '350 Which?',
    '226 Closing.',
  ])('refused or answered by "%s" is told once, and not sent by later sessions', async (reply) => {
    await using server = await talkative();
    server.answer('LANG', reply);
    await using ftp = clientOf(server, spoken);
    const told = fallbacks(ftp);
    await observe(ftp.help$()).settled;
    // An odd completion was the answer, as a fence shows.
    const isDone = reply.startsWith('2');
    expect(told).toMatchObject(
      isDone ? [] : [{ what: 'LANG', to: 'its own language', reply: { code: Number(reply.slice(0, 3)) } }],
    );
    await lose(server);
    await observe(ftp.help$()).settled;
    expect(steps(server).filter((line) => line.startsWith('LANG'))).toHaveLength(isDone ? 2 : 1);
    expect(steps(server).filter((line) => line.startsWith('CLNT'))).toHaveLength(2);
  });

  it.each([
    'CLNT',
    'LANG',
  ])('%s that is never answered costs one silence; the server is met without it', async (verb) => {
    await using server = await talkative();
    server.on(verb, () => undefined);
    await using ftp = clientOf(server, { ...spoken, replyTimeoutMs: 200 });
    const told = fallbacks(ftp);
    await observe(ftp.help$()).settled;
    expect(steps(server).filter((line) => line.startsWith(verb))).toHaveLength(1);
    expect([server.sessions.length, told]).toMatchObject([2, [{ what: verb, to: 'a new session without it' }]]);
  });
});

describe('a login command', () => {
  const refusals = ['500 What?', '502 No.', '550 You may not.', '450 Not now.', '331 Which?'];

  it.each(refusals)('that is refused by "%s" is a failed login, which names it', async (reply) => {
    await using server = await talkative();
    server.answer('SITE', reply);
    await using ftp = clientOf(server, { loginCommands: commands });
    const error = await observe(ftp.help$()).failed;
    const code = Number(reply.slice(0, 3));
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({
      command: 'SITE UMASK 022',
      reply: { code },
      outcome: 'none',
      transient: code === 450,
    });
    expect(String(error)).toContain('The login command SITE UMASK 022');
    expect(String(error)).toContain('loginCommands, or let the command begin with "-"');
    expect(steps(server)).toEqual(['SITE UMASK 022']);
  });

  it('that is refused holds the next login back, as any failed connection', async () => {
    await using server = await talkative();
    server.answer('SITE', '550 No.');
    fakeTimers();
    const ftp = clientOf(server, { loginCommands: commands });
    await observe(ftp.help$()).failed;
    const later = observe(ftp.help$());
    await aWhile();
    expect(server.sessions).toHaveLength(1);
    await pass(250);
    await later.failed;
    expect(server.sessions).toHaveLength(2);
    await observe(ftp.close$()).settled;
  });

  it('that is refused to a second session leaves the work to the first, and is not tried again', async () => {
    await using server = await talkative();
    let asked = 0;
    server.on('SITE', (session) => {
      asked += 1;
      return session.reply(asked === 1 ? '200 Done.' : '550 No.');
    });
    await using ftp = clientOf(server, { loginCommands: ['SITE UMASK 022'], maxSessions: 2 });
    const all = [1, 2, 3, 4].map((topic) => observe(ftp.help$(String(topic))));
    for (const { settled } of all) await settled;
    await server.event('control-closed');
    for (const topic of [5, 6]) await observe(ftp.help$(String(topic))).settled;
    expect(server.sessions).toHaveLength(2);
  });

  it.each(refusals)('with "-" may be refused by "%s": the rest follows', async (reply) => {
    await using server = await talkative();
    server.once('SITE', (session) => session.reply(reply));
    await using ftp = clientOf(server, { loginCommands: ['-SITE UMASK 022', 'SITE IDLE 900'] });
    const told = fallbacks(ftp);
    await observe(ftp.help$()).settled;
    expect(steps(server)).toEqual([...commands, 'HELP']);
    expect(told).toMatchObject([{ what: 'SITE UMASK 022', reply: { code: Number(reply.slice(0, 3)) } }]);
  });

  it.each([
    ['an empty line and its reply', '\r\n200 Done.\r\n'],
    ['text and its reply', 'Ahem.\r\n200 Done.\r\n'],
    ['two replies', '200 Done.\r\n200 Done.\r\n'],
    ['an odd completion', '226 Done.\r\n'],
  ])('answered by %s is done', async (_how, bytes) => {
    await using server = await talkative({ greeting: '220 Some server', chunking: 'whole' });
    server.on('SITE', (session) => session.replyRaw(bytes));
    await using ftp = clientOf(server, { loginCommands: commands });
    await observe(ftp.help$()).settled;
    expect(steps(server)).toEqual([...commands, 'HELP']);
    expect(server.sessions).toHaveLength(1);
  });

  it('whose replies do not show what came of it ends the login, but not with "-"', async () => {
    await using server = await talkative({ greeting: '220 Some server', chunking: 'whole' });
    server.once('SITE', (session) => session.reply('226 Sent.', '226 Sent.'));
    server.once('SITE', (session) => session.reply('226 Sent.', '226 Sent.'));
    await using ftp = clientOf(server, { loginCommands: ['SITE UMASK 022'] });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpProtocolError);
    await using other = clientOf(server, { loginCommands: ['-SITE UMASK 022'] });
    const told = fallbacks(other);
    expect(await observe(other.pwd$()).settled).toEqual(['/']);
    expect(told).toMatchObject([{ what: 'SITE UMASK 022' }]);
  });

  it.each(['fin', 'rst'] as const)('at which the session is lost (%s) fails, "-" or not', async (how) => {
    await using server = await talkative();
    server.on('SITE', (session) => session.closeControl(how));
    await using ftp = clientOf(server, { loginCommands: ['-SITE UMASK 022'] });
    const error = await observe(ftp.help$()).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ command: 'SITE UMASK 022', transient: true });
    expect(server.sessions).toHaveLength(1);
  });

  it('may say 3yz where more follows', async () => {
    await using server = await talkative();
    server.once('SITE', (session) => session.reply('350 And to where?'));
    await using ftp = clientOf(server, { loginCommands: ['SITE CPFR a', 'SITE CPTO b'] });
    await observe(ftp.help$()).settled;
    expect(steps(server)).toEqual(['SITE CPFR a', 'SITE CPTO b', 'HELP']);
  });
});

describe('a subscriber who leaves', () => {
  it.each(['CLNT', 'LANG', 'SITE'])('while %s is unanswered ends the login: nothing more is sent', async (verb) => {
    await using server = await talkative();
    server.on(verb, () => undefined);
    const ftp = clientOf(server, { ...spoken, loginCommands: commands });
    const waiting = observe(ftp.help$());
    await server.received(verb);
    const before = server.commands.length;
    waiting.unsubscribe();
    await observe(ftp.close$()).settled;
    await server.event('control-closed');
    expect(server.commands).toHaveLength(before);
  });
});

describe('CWD as a login command', () => {
  it('is where every session begins, and where relative paths begin', async () => {
    await using server = await talkative();
    await using ftp = clientOf(server, { loginCommands: ['CWD /sub'] });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/sub']);
    expect(await observe(ftp.size$('a')).settled).toEqual([7]);
    await lose(server);
    expect(await observe(ftp.size$('a')).settled).toEqual([7]);
    await observe(ftp.cwd$('..')).settled;
    await lose(server);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('leads on to the directory of the client where the server refuses PWD', async () => {
    await using server = await talkative({ files: { '/sub/deep/a': 'seven..' } });
    server.answer('PWD', '502 No.');
    await using ftp = clientOf(server, { loginCommands: ['CWD /sub'] });
    await observe(ftp.cwd$('deep')).settled;
    await lose(server);
    expect(await observe(ftp.size$('a')).settled).toEqual([7]);
    expect(server.commands.filter((line) => line.startsWith('CWD'))).toEqual([
      'CWD /sub',
      'CWD deep',
      'CWD /sub',
      'CWD deep',
    ]);
  });
});

describe('REIN', () => {
  it('takes the steps back: they follow the next login', async () => {
    await using at = await connected({ files: { '/a': 'x' } }, { ...spoken, loginCommands: commands }, (server) => {
      server.features = [...server.features, 'CLNT', 'LANG'];
      server.answer('CLNT', '200 Hello.').answer('LANG', '200 Bonjour.').answer('SITE', '200 Done.');
    });
    await observe(at.ftp.rein$()).settled;
    await observe(at.ftp.send$('USER me')).settled;
    await observe(at.ftp.send$('PASS x')).settled;
    await observe(at.ftp.pwd$()).settled;
    expect(at.commands).toEqual(['REIN', 'USER me', 'PASS x', 'CLNT backup 1.0', 'LANG fr-CA', ...commands, 'PWD']);
    await observe(at.ftp.exchange$('USER me', { expect: 3 })).settled;
    await observe(at.ftp.exchange$('PASS x', { expect: 2 })).settled;
    expect(at.commands.slice(-2)).toEqual(['USER me', 'PASS x']);
  });

  it('a step that is refused then is the error of the login', async () => {
    await using at = await connected({}, { loginCommands: commands }, (server) => server.answer('SITE', '200 Done.'));
    at.server.answer('SITE', '550 No.');
    await observe(at.ftp.rein$()).settled;
    await observe(at.ftp.send$('USER me')).settled;
    expect(await observe(at.ftp.send$('PASS x')).failed).toMatchObject({ command: 'SITE UMASK 022' });
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
  });
});

it('leaves no surprise where all is well', async () => {
  await using server = await talkative();
  await using ftp = clientOf(server, { ...spoken, loginCommands: commands });
  const events = observe(surprisesOf(ftp.events$));
  await observe(ftp.help$()).settled;
  expect(events.values).toEqual([]);
  events.unsubscribe();
});
