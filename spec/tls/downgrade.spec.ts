/**
 * The policy is one value: whatever the server answers to any step of the login, `secure` never becomes clear text
 * (curl's CVE-2021-22946 and its relatives). The server's wire tap is the witness.
 */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient, FtpErrorCode } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, secureClient } from './support/secure-client.js';

const files = { [names.file]: 'hello' };
const security: FtpErrorCode = 'ERR_FTP_SECURITY';
const connection: FtpErrorCode = 'ERR_FTP_CONNECTION';
const refusal: FtpErrorCode = 'ERR_FTP_REPLY';

/** What the server does instead of its answer. */
const instead: Readonly<Record<string, (session: Session) => unknown>> = {
  '230': (session) => {
    session.state.loggedIn = true;
    return session.reply('230 You are logged in already.');
  },
  '421': (session) => session.reply('421 Too busy.'),
  '431': (session) => session.reply('431 Not just now.'),
  '500': (session) => session.reply('500 What?'),
  '534': (session) => session.reply('534 Policy.'),
  FIN: (session) => session.closeControl('fin'),
  RST: (session) => session.closeControl('rst'),
};

type Expected = FtpErrorCode | 'success';
const steps = Object.keys(instead);
const table = (step: string, expected: readonly Expected[]): (readonly [string, string, Expected])[] =>
  steps.map((answer, index) => [step, answer, expected[index] ?? 'success'] as const);

async function download(ftp: FtpClient): Promise<FtpErrorCode | 'success'> {
  const attempt = observe(ftp.retr$(names.file), { name: 'a download' });
  if ((await attempt.ended) === 'complete') return 'success';
  return (attempt.error as { code: FtpErrorCode }).code;
}

describe.each(['explicit', 'implicit'] as const)('%s: every step of the login, answered otherwise', (mode) => {
  const cases = [
    ...(mode === 'explicit'
      ? [
          ...table('greeting', [security, connection, refusal, refusal, refusal, connection, connection]),
          ...table('AUTH', [security, connection, security, security, security, connection, connection]),
        ]
      : []),
    ...table('USER', ['success', connection, refusal, refusal, refusal, connection, connection]),
    ...table('PASS', ['success', connection, refusal, refusal, refusal, connection, connection]),
    ...table('FEAT', ['success', connection, 'success', 'success', 'success', connection, connection]),
    // PROT decides: PBSZ says nothing about the protection.
    ...table('PBSZ', ['success', connection, 'success', 'success', 'success', connection, connection]),
    // Of the one that says yes the data connection is not protected all the same.
    ...table('PROT', [security, connection, security, security, security, connection, connection]),
    ...table('OPTS', ['success', connection, 'success', 'success', 'success', connection, connection]),
    ...table('CWD', ['success', connection, refusal, refusal, refusal, connection, connection]),
  ];
  it.each(cases)('%s answered by %s: %s, and nothing in clear', async (step, answer, expected) => {
    const reply = instead[answer] as (session: Session) => unknown;
    await using server = await scriptedServer({
      tls: mode,
      files,
      ...(step === 'greeting' ? { greeting: reply } : {}),
    });
    if (step !== 'greeting') server.on(step, reply);
    await using ftp = secureClient(server, { directory: names.directory });
    expect(await download(ftp)).toBe(expected);
    // A yes to PROT that the server does not keep shows at the handshake of the data connection.
    if (step === 'PROT' && answer === '230') expect(server.clear.toString('latin1')).not.toContain('USER');
    else expectNothingInClear(server);
  });
});

describe('a server without TLS', () => {
  it('is told nothing but AUTH TLS', async () => {
    await using trusted = await scriptedServer({ tls: 'explicit' });
    await using server = await scriptedServer({ files });
    await using ftp = secureClient(trusted, { port: server.port, directory: names.directory });
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toMatchObject({ code: security, command: 'AUTH TLS', reply: { code: 502 } });
    expect(String(error)).toMatch(/refused TLS/);
    expect(server.commands).toEqual(['AUTH TLS']);
    expectNothingInClear(server);
  });

  it('is told nothing where TLS from the first byte is asked for', async () => {
    await using trusted = await scriptedServer({ tls: 'implicit' });
    await using server = await scriptedServer({ files });
    await using ftp = secureClient(trusted, { port: server.port });
    expect(await download(ftp)).toBe(security);
    // A ClientHello is no command line.
    expectNothingInClear(server);
  });
});

describe('protection of the data', () => {
  it('is asked for at once, and its refusal says what was not done', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.answer('PROT', '536 Not here.');
    await using ftp = secureClient(server);
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toMatchObject({ code: security, command: 'PROT P', reply: { code: 536 } });
    expect(server.journal.of('data-opened')).toEqual([]);
  });

  it('is not opened in clear by a server that says PROT P and means nothing by it', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.answer('PROT', '200 Sure.');
    await using ftp = secureClient(server, { stallTimeoutMs: 500, connectTimeoutMs: 500, abortTimeoutMs: 500 });
    expect(await download(ftp)).not.toBe('success');
  });

  it('is clear only when asked for', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server, { dataProtection: 'clear' });
    expect(await download(ftp)).toBe('success');
    expect(server.commands).toContain('PROT C');
    expect(server.journal.of('data-secured')).toEqual([]);
    expect(server.clear.toString('latin1')).toBe('AUTH TLS\r\n');
  });
});

describe('every later session', () => {
  /** A first session that is well, then a server that has changed its mind. */
  async function reconnected(change: (server: ScriptedServer) => unknown): Promise<[ScriptedServer, FtpClient]> {
    const server = await scriptedServer({ tls: 'explicit', files });
    const ftp = secureClient(server);
    await lastValueFrom(ftp.noop$());
    change(server);
    await server.sessions[0]?.closeControl('fin');
    await server.event('control-closed');
    return [server, ftp];
  }

  it.each([
    ['refuses AUTH', (server: ScriptedServer) => server.answer('AUTH', '500 What?')],
    ['refuses PROT', (server: ScriptedServer) => server.answer('PROT', '536 Not any more.')],
    ['injects a reply', (server: ScriptedServer) => server.answer('AUTH', '234 go', '230 Logged in.')],
  ])('has the first one’s policy: the server %s', async (_what, change) => {
    const [server, ftp] = await reconnected(change);
    await using _server = server;
    await using _ftp = ftp;
    expect(await download(ftp)).toBe(security);
    expect(server.sessions).toHaveLength(2);
    expectNothingInClear(server);
  });

  it('is secured alike: directory and type are restored under TLS', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    await lastValueFrom(ftp.cwd$(names.directory));
    await server.sessions[0]?.closeControl('fin');
    await server.event('control-closed');
    expect(await download(ftp)).toBe('success');
    expect(server.sessions).toHaveLength(2);
    expectNothingInClear(server);
  });

  it('of a client with many is its own: each says AUTH, PBSZ and PROT', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server, { maxSessions: 4 });
    await Promise.all(Array.from({ length: 4 }, () => download(ftp)));
    for (const verb of ['AUTH', 'PBSZ', 'PROT']) {
      const sessions = () => server.journal.of('command').flatMap((line) => (line.verb === verb ? [line.session] : []));
      // The first sessions may have done it all before the last one is open.
      await expect.poll(() => sessions().toSorted()).toEqual([1, 2, 3, 4]);
    }
    expectNothingInClear(server);
  });
});

describe('what was learnt in clear', () => {
  it('is not used: FEAT comes after TLS, and only its answer there counts', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files, greeting: '220-Features: XFOO\r\n220 Ready' });
    await using ftp = secureClient(server);
    await lastValueFrom(ftp.noop$());
    const order = server.commands;
    expect(order.filter((line) => line === 'FEAT')).toHaveLength(1);
    expect(order.indexOf('FEAT')).toBeGreaterThan(order.indexOf('AUTH TLS'));
    expect(server.journal.of('command').find(({ verb }) => verb === 'FEAT')?.secure).toBe(true);
  });
});
