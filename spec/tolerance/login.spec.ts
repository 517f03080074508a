/** Servers that are odd, or say too much, from the greeting to the end of the login: the client logs in once. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpReplyError, FtpSecurityError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import type { ScriptedServer, ScriptedServerOptions, Session } from '../support/scripted-server.js';
import { scriptedServer } from '../support/scripted-server.js';
import { secureClient } from '../tls/support/secure-client.js';
import {
  count,
  replyApart,
  replySlowly,
  silently,
  skippedBy,
  someClient,
  someServer,
  textOf,
  useEverything,
} from './support/open.js';

const secured = (): Promise<ScriptedServer> =>
  scriptedServer({ tls: 'explicit', greeting: '220 Some server', chunking: 'whole', files: { '/a': 'seven..' } });

describe('a greeting', () => {
  const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `Rule ${at + 1}: be polite.`);
  const odd: readonly [string, NonNullable<ScriptedServerOptions['greeting']>][] = [
    ['behind an empty line', ['', '220 Some server']],
    ['before an empty line', ['220 Some server', '']],
    ['behind twenty lines of text', [...lines(20), '220 Some server']],
    ['behind a banner that the network inserts', ['*** This connection is monitored ***', '220 Some server']],
    ['that comes twice', ['220 Some server', '220 Some server']],
    ['that comes twice, apart', (session) => replyApart(session, '220 Some server', '220 Some server')],
    ['before a line of text', ['220 Some server', 'Have a nice day.']],
    ['of another completion', ['200 Hello.']],
    ['behind two notices that it will come soon', ['120 Soon.', '120 Sooner.', '220 Some server']],
  ];

  it.each(odd)('%s is one login, and everything works', async (_name, greeting) => {
    await using server = await someServer({ greeting });
    await using ftp = someClient(server);
    expect(await useEverything(ftp)).toEqual([]);
    expect([server.sessions.length, count(server, 'USER')]).toEqual([1, 1]);
  });

  it.each([
    ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 400'],
    ['SSH-2.0-OpenSSH_9.2', 'SSH-2.0'],
  ])('"%s" is another protocol, and quoted', async (greeting, quoted) => {
    await using server = await someServer({ greeting });
    await using ftp = someClient(server);
    const error = await observe(ftp.pwd$()).failed;
    expect(error).toMatchObject({ constructor: FtpProtocolError, message: expect.stringContaining(quoted) });
    expect(server.commands).toEqual([]);
  });

  it.each([
    ['more than twenty lines', lines(21)],
    ['more than 2 KiB', ['x'.repeat(2100)]],
    ['no greeting in time after text', ['Welcome to the machine.']],
  ])('%s is FtpProtocolError that quotes the text', async (_name, text) => {
    await using server = await someServer({ greeting: text });
    await using ftp = someClient(server, { replyTimeoutMs: 300, connectTimeoutMs: 300 });
    const error = await observe(ftp.pwd$()).failed;
    const [first = ''] = text;
    expect(error).toMatchObject({
      constructor: FtpProtocolError,
      message: expect.stringContaining(first.slice(0, 10)),
    });
    expect(server.commands).toEqual([]);
  });
});

describe('a login', () => {
  const answers: readonly [string, string, readonly string[]][] = [
    ['PASS answered twice', 'PASS', ['230 Logged in.', '230 Logged in.']],
    ['PASS answered three times', 'PASS', ['230 Logged in.', '230 Logged in.', '230 Logged in.']],
    ['PASS answered twice, by different codes', 'PASS', ['230 Logged in.', '220 Ready.']],
    ['PASS answered by another completion', 'PASS', ['250 Come in.']],
    ['PASS answered by an odd and a usual reply', 'PASS', ['200 Checked.', '230 Logged in.']],
    ['USER answered twice', 'USER', ['331 Password?', '331 Password?']],
    ['USER answered by another question', 'USER', ['350 Go on.']],
    ['FEAT answered twice', 'FEAT', ['500 What?', '500 What?']],
    ['FEAT answered by another completion', 'FEAT', ['226 None.']],
    ['FEAT answered by a question', 'FEAT', ['314 What?']],
    ['FEAT answered by "150 working" and a refusal', 'FEAT', ['150 Working.', '502 No features.']],
    ['OPTS answered twice', 'OPTS', ['200 Always.', '200 Always.']],
    ['OPTS answered by another completion', 'OPTS', ['226 Always.']],
    ['OPTS answered by a question', 'OPTS', ['350 Which?']],
  ];
  const ways: readonly [string, (session: Session, ...lines: [string, ...string[]]) => unknown][] = [
    ['in one packet', (session, ...replies) => session.reply(...replies)],
    ['one after the other', replySlowly],
    ['later, beside other replies', replyApart],
  ];

  it.each(answers)('with %s is one login, and everything works', async (_name, verb, [first = '', ...others]) => {
    // A late refusal is usual for every command: nobody can tell whose it is.
    const told = others.length === 0 ? 1 : others.some((line) => /^[45]/.test(line)) ? 2 : 3;
    for (const [way, reply] of ways.slice(0, told)) {
      await using server = await someServer();
      server.on(verb, async (session, _argument, command) => {
        await silently(session, command);
        await reply(session, first, ...others);
      });
      await using ftp = someClient(server);
      expect(await useEverything(ftp), way).toEqual([]);
      expect([server.sessions.length, count(server, verb)], way).toEqual([1, 1]);
    }
  });

  it.each([
    ['in one packet', (session: Session, ...lines: [string, ...string[]]) => session.reply(...lines)],
    ['one after the other', replySlowly],
  ] as const)('with PASS answered by "150 working" and its own reply, %s, is one login', async (_way, reply) => {
    await using server = await someServer();
    server.on('PASS', async (session, _argument, command) => {
      await silently(session, command);
      await reply(session, '150 Working.', '230 Logged in.');
    });
    await using ftp = someClient(server);
    expect(await useEverything(ftp)).toEqual([]);
    expect([server.sessions.length, count(server, 'PASS')]).toEqual([1, 1]);
  });

  it('with PASS answered by "150 working" alone, before other replies, is an error that says so', async () => {
    await using server = await someServer();
    server.on('PASS', async (session, _argument, command) => {
      await silently(session, command);
      await session.reply('150 Working.');
    });
    await using ftp = someClient(server);
    const error = await observe(ftp.pwd$()).failed;
    expect(error).toMatchObject({ constructor: FtpProtocolError, outcome: 'unknown', reply: { code: 150 } });
    expect(server.sessions.length).toBe(1);
  });

  it('with PASS answered twice tells the surplus reply', async () => {
    await using server = await someServer({ login: false });
    server.answer('PASS', '230 Logged in.', '230 Logged in.');
    await using ftp = someClient(server);
    const skipped = skippedBy(ftp);
    await lastValueFrom(ftp.pwd$());
    expect(skipped).toEqual([230]);
  });

  it('that is refused twice is refused once', async () => {
    await using server = await someServer();
    server.answer('PASS', '530 No.', '530 No.');
    await using ftp = someClient(server);
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ constructor: FtpReplyError, reply: { code: 530 } });
    expect(count(server, 'PASS')).toBe(1);
  });

  it('into a directory whose CWD is answered by another completion works there', async () => {
    await using server = await someServer();
    server.on('CWD', (session, path) => {
      session.state.directory = path;
      return session.reply('226 There.');
    });
    await using ftp = someClient(server, { directory: '/sub' });
    expect(await textOf(ftp, 'c')).toBe('deep');
    expect(server.sessions).toHaveLength(1);
  });
});

describe('AUTH', () => {
  it.each([200, 220, 232, 235, 250, 299])('%i, and a good handshake, is yes', async (code) => {
    await using server = await secured();
    server.on('AUTH', (session) => {
      // Not awaited: the handshake must be ready in the turn that sends the last byte of the reply.
      void session.reply(`${code} Go.`);
      return session.upgrade();
    });
    await using ftp = secureClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['1yz', ['120 Soon.']],
    ['3yz', ['334 Go on.']],
    ['4yz', ['431 No certificate.']],
    ['5yz', ['502 What?']],
    ['two completions', ['234 Go.', '200 Go.']],
    ['an odd completion, and its own', ['200 Go.', '234 Go.']],
    ['an empty line before', ['', '234 Go.']],
    ['an empty line after', ['234 Go.', '']],
    ['a line of text before', ['Hello.', '234 Go.']],
  ])('%s is FtpSecurityError, and nothing goes in clear', async (_name, replies) => {
    await using server = await secured();
    server.on('AUTH', (session) => session.reply(...replies));
    await using ftp = secureClient(server);
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpSecurityError);
    expect(server.commands.filter((line) => /^(USER|PASS|RETR)/.test(line))).toEqual([]);
  });

  it('is not hindered by text that came before it', async () => {
    await using server = await scriptedServer({
      tls: 'explicit',
      greeting: ['Hello.', '220 Some server', 'Welcome.', ''],
      files: { '/a': 'seven..' },
    });
    await using ftp = secureClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
  });
});

describe('PROT', () => {
  it.each([
    '500 What?',
    '502 No.',
    '503 Not now.',
    '226 Fine.',
    '350 More?',
  ])('decides, whatever PBSZ says (%s)', async (reply) => {
    await using server = await secured();
    server.answer('PBSZ', reply);
    await using ftp = secureClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(server.journal.of('data-secured')).toHaveLength(1);
  });

  it('is not needed where clear data was asked for', async () => {
    await using server = await secured();
    server.answer('PBSZ', '500 What?').answer('PROT', '500 What?');
    await using ftp = secureClient(server, { dataProtection: 'clear' });
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(server.sessions).toHaveLength(1);
  });

  it.each(['500 What?', '350 More?', '150 Working.'])('refused (%s) is FtpSecurityError', async (reply) => {
    await using server = await secured();
    server.answer('PROT', reply);
    await using ftp = secureClient(server);
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpSecurityError);
    expect(server.journal.of('data-opened')).toEqual([]);
  });
});
