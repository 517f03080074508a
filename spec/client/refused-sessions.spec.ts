import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpReplyError, FtpUsageError } from '../../lib/index.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { type Session, scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf } from './support/open.js';

/** A server that takes so many sessions and says 421 to the others. */
function limited(sessions: number) {
  return async (session: Session): Promise<void> => {
    if (session.id <= sessions) return session.reply('220 Ready');
    await session.reply('421 Too many connections.');
    await session.closeControl();
  };
}

describe('a server that takes no more sessions', () => {
  it('leaves the first working: everything runs on it', async () => {
    await using server = await scriptedServer({ greeting: limited(1) });
    await using ftp = clientOf(server, { maxSessions: 3 });
    await observe(ftp.noop$()).settled;
    const all = ['a', 'b', 'c', 'd'].map((topic) => observe(ftp.help$(topic)));
    for (const { settled } of all) await settled;
    expect(afterLogin(server).slice(1)).toEqual(['HELP a', 'HELP b', 'HELP c', 'HELP d']);
  });

  it('is not asked again and again', async () => {
    await using server = await scriptedServer({ greeting: limited(1) });
    await using ftp = clientOf(server, { maxSessions: 2 });
    for (let round = 0; round < 3; round += 1) {
      const both = [observe(ftp.noop$()), observe(ftp.pwd$())];
      for (const { settled } of both) await settled;
    }
    expect(server.sessions.length).toBeLessThanOrEqual(2);
  });

  it('fails those who wait when it takes none', async () => {
    await using server = await scriptedServer({ greeting: limited(0) });
    await using ftp = clientOf(server);
    const both = [observe(ftp.noop$()), observe(ftp.pwd$())];
    for (const { failed } of both) expect(await failed).toMatchObject({ reply: { code: 421 } });
    expect(server.sessions).toHaveLength(1);
  });
});

describe('a refused login', () => {
  const users = { ann: 'right' };

  it('of a user called ftps is not said to want TLS', async () => {
    await using server = await scriptedServer({ users });
    server.on('PASS', (session) => session.reply('530 User ftps cannot log in.'));
    await using ftp = clientOf(server, { user: 'ftps' });
    expect(String(await observe(ftp.noop$()).failed)).toContain('cannot log in. (check user and password)');
  });

  it('for too many sessions may help later, as its hint says', async () => {
    await using server = await scriptedServer({ users });
    server.on('PASS', (session) =>
      session.reply('530 Sorry, the maximum number of clients (2) are already connected.'),
    );
    await using ftp = clientOf(server, { user: 'ann', password: 'right' });
    const error = await observe(ftp.noop$()).failed;
    expect(error).toMatchObject({ transient: true, message: expect.stringContaining('try again later') });
  });

  it('fails everything that waits, by one attempt', async () => {
    const password = secret('wrong-password-1');
    await using server = await scriptedServer({ users });
    await using ftp = clientOf(server, { user: 'ann', password });
    const all = [observe(ftp.noop$()), observe(ftp.pwd$()), observe(ftp.list$())];
    for (const { failed } of all) {
      const error = await failed;
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ command: 'PASS ***', reply: { code: 530 }, transient: false });
      expect(String(error)).toContain('check user and password');
    }
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });

  it('is one attempt also where several sessions might be opened', async () => {
    const password = secret('wrong-password-2');
    await using server = await scriptedServer({ users });
    await using ftp = clientOf(server, { user: 'ann', password, maxSessions: 4 });
    const all = [1, 2, 3, 4, 5, 6].map(() => observe(ftp.noop$()));
    for (const { failed } of all) expect(await failed).toBeInstanceOf(FtpReplyError);
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });

  it('is tried again by the next operation, with a fresh password', async () => {
    const passwords = ['wrong', 'right'];
    const password = (): string => passwords.shift() ?? 'asked too often';
    await using server = await scriptedServer({ users });
    await using ftp = clientOf(server, { user: 'ann', password });
    await observe(ftp.noop$()).failed;
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('may be that of a promised password', async () => {
    await using server = await scriptedServer({ users });
    await using ftp = clientOf(server, { user: 'ann', password: async () => 'right' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    await using broken = clientOf(server, { user: 'ann', password: () => Promise.reject(new Error('no key ring')) });
    expect(String(await observe(broken.pwd$()).failed)).toContain('no key ring');
  });

  it.each(['a\r\nDELE b', 'a\0'])('sends nothing of a promised password %j', async (bad) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password: () => bad });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).toEqual(['USER ann']);
  });

  it('asks for the account only where the server does', async () => {
    const account = secret('account-4711');
    await using server = await scriptedServer();
    server.on('PASS', (session) => session.reply('332 Need account.'));
    server.on('ACCT', (session) => {
      session.state.loggedIn = true;
      return session.reply('230 Logged in.');
    });
    await using without = clientOf(server);
    const error = await observe(without.pwd$()).failed;
    expect(error).toMatchObject({ reply: { code: 332 } });
    expect(String(error)).toContain('option account');
    await using ftp = clientOf(server, { account });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands.filter((line) => line.startsWith('ACCT'))).toEqual([`ACCT ${account}`]);
  });

  it('errors when nothing listens', async () => {
    const server = await scriptedServer();
    const ftp = clientOf(server);
    await server.close();
    const error = await observe(ftp.noop$()).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', phase: 'connect', cause: { code: 'ECONNREFUSED' } });
    expect(String(error)).toContain('check the port');
  });
});
