/**
 * Checks text that an attacker on the path adds before TLS begins (NO STARTTLS, CVE-2021-22947): none of it may answer a protected command,
 * and none of it may make the client name its user.
 */
import { describe, expect, it } from 'vitest';
import { FtpSecurityError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type Handler, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, secureClient } from './support/secure-client.js';

const files = { [names.file]: 'hello' };

/** The true 234 and the handshake, with something between them that no server would send. */
const between =
  (sent: readonly string[]): Handler =>
  async (session) => {
    // Each in a packet of its own: the turn between them lets the kernel send.
    for (const text of sent) await session.replyRaw(text, [Buffer.from(text)]);
    await session.upgrade();
  };

describe('bytes after the reply to AUTH', () => {
  it.each([
    ['a whole reply, in the same packet', ['234 go\r\n230 injected\r\n']],
    ['the beginning of a line, in the same packet', ['234 go\r\n230 inj']],
    ['a single byte, in the same packet', ['234 go\r\n2']],
    ['a whole reply, a moment later', ['234 go\r\n', '230 injected\r\n']],
    ['the beginning of a line, a moment later', ['234 go\r\n', '230 inj']],
    ['a single byte, a moment later', ['234 go\r\n', '2']],
    ['replies to a whole login', ['234 go\r\n331 Password?\r\n230 In.\r\n211 End\r\n200 Ok\r\n200 Ok\r\n']],
    ['a second reply of a multi-line kind', ['234-go\r\n234 go\r\n230-inj\r\n']],
  ])('%s', async (_what, sent) => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.on('AUTH', between(sent));
    await using ftp = secureClient(server, { connectTimeoutMs: 2000 });
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(server.commands.filter((line) => /^[A-Z]{3,4}\b/.test(line))).toEqual(['AUTH TLS']);
    expectNothingInClear(server);
  });
});

describe('bytes before the reply to AUTH', () => {
  it.each([
    ['a second greeting', '220 Ready\r\n234 go\r\n'],
    ['a login', '230 Logged in.\r\n'],
    ['an empty line', '\r\n'],
    ['text', 'Hello.\r\n'],
    ['a preliminary reply', '150 Soon.\r\n'],
    ['a question', '334 Which?\r\n'],
  ])('%s: the client goes away', async (_what, sent) => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.on('AUTH', async (session) => {
      await session.replyRaw(`${sent}234 go\r\n`);
      await session.upgrade();
    });
    await using ftp = secureClient(server, { connectTimeoutMs: 2000 });
    expect(await observe(ftp.retr$(names.file)).failed).toBeInstanceOf(FtpSecurityError);
    expectNothingInClear(server);
  });

  it('text and replies before AUTH was written are forgotten', async () => {
    await using server = await scriptedServer({
      tls: 'explicit',
      greeting: ['220 Ready', '234 go', 'Hello.', ''],
      files,
    });
    await using ftp = secureClient(server);
    expect(Buffer.concat(await observe(ftp.retr$(names.file)).settled).toString()).toBe('hello');
    expect(server.clear.toString()).toBe('AUTH TLS\r\n');
    expectNothingInClear(server);
  });
});

describe('servers of another protocol', () => {
  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
    ['IMAP', '* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n'],
    ['POP3', '+OK ready\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['SMTP that refuses', '554 No SMTP service here\r\n'],
  ])('%s: nothing is sent', async (_what, banner) => {
    await using server = await scriptedServer({ tls: 'explicit', greeting: (session) => session.replyRaw(banner) });
    await using ftp = secureClient(server, { replyTimeoutMs: 500 });
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_FTP_(PROTOCOL|REPLY)$/) });
    expect(server.clear.length).toBe(0);
  });

  it('SMTP greets alike: it is told AUTH TLS, and nothing after its answer', async () => {
    await using server = await scriptedServer({ tls: 'explicit', greeting: '220 mail.example ESMTP' });
    server.answer('AUTH', '504 5.5.4 Unrecognized authentication type');
    await using ftp = secureClient(server);
    expect(await observe(ftp.retr$(names.file)).failed).toBeInstanceOf(FtpSecurityError);
    expect(server.clear.toString()).toBe('AUTH TLS\r\n');
  });

  it.each([
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    '* OK IMAP4rev1 ready\r\n',
  ])('under implicit TLS: %j, and nothing is sent', async (banner) => {
    await using server = await scriptedServer({ tls: 'implicit', greeting: (session) => session.replyRaw(banner) });
    await using ftp = secureClient(server, { replyTimeoutMs: 500 });
    expect(await observe(ftp.retr$(names.file)).failed).toMatchObject({ code: 'ERR_FTP_PROTOCOL' });
    expect(server.commands).toEqual([]);
  });
});
