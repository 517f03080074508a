/** HOST before the login: what is sent when, and what each reply leads to. */
import { describe, expect, it } from 'vitest';
import {
  FtpClient,
  FtpConnectionError,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
} from '../../lib/index.js';
import { clientOf } from '../client/support/open.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { secureClient } from '../tls/support/secure-client.js';
import { connected } from './support/connected.js';
import { fallbacks, lose } from './support/fallbacks.js';
import { Packets } from './support/packets.js';

const virtualHost = 'ftp.example.com';
const HOST = `HOST ${virtualHost}`;
const login = ['USER anonymous', 'PASS anonymous@', 'FEAT', 'OPTS UTF8 ON'];

async function hosting(reply = '220 This is ftp.example.com.', options: ScriptedServerOptions = {}) {
  return (await scriptedServer(options)).answer('HOST', reply);
}

describe('HOST', () => {
  it('is the first command of every session', async () => {
    await using server = await hosting();
    await using ftp = clientOf(server, { virtualHost });
    await observe(ftp.help$()).settled;
    await lose(server);
    await observe(ftp.help$()).settled;
    const each = [HOST, ...login, 'HELP'];
    expect(server.commands).toEqual([...each, ...each]);
  });

  it('stands before AUTH, so that the server can choose the certificate', async () => {
    await using server = await hosting('220 Yes.', { tls: 'explicit' });
    await using ftp = secureClient(server, { virtualHost: 'localhost' });
    await observe(ftp.help$()).settled;
    expect(server.commands.slice(0, 2)).toEqual(['HOST localhost', 'AUTH TLS']);
    expect(server.clear.toString()).toBe('HOST localhost\r\nAUTH TLS\r\n');
  });

  it('is sent under TLS where that begins with the first byte', async () => {
    await using server = await hosting('220 Yes.', { tls: 'implicit' });
    await using ftp = secureClient(server, { virtualHost: 'localhost', user: 'anonymous' });
    await observe(ftp.help$()).settled;
    expect(server.commands.slice(0, 2)).toEqual(['HOST localhost', login[0]]);
    expect(server.clear.toString()).toBe('');
  });

  it('is answered before the password is written, also with pipelineLogin', async () => {
    const packets = new Packets();
    await using server = await hosting('220 Yes.', { greeting: '220 ProFTPD Server ready.' });
    await using ftp = clientOf(server, { virtualHost, pipelineLogin: true, connector: packets.connector });
    await observe(ftp.help$()).settled;
    expect(packets.lines.slice(0, 2)).toEqual([[HOST], login]);
  });

  it('is sent whatever the option features names', async () => {
    await using server = await hosting();
    await using ftp = clientOf(server, { virtualHost, features: ['UTF8'] });
    await observe(ftp.help$()).settled;
    expect(server.commands.slice(0, 2)).toEqual([HOST, login[0]]);
  });

  it.each([
    '500 What?',
    '502 No.',
    '530 Please login with USER and PASS.',
  ])('refused by "%s" is not known: the login goes on, and no later one asks', async (reply) => {
    await using server = await hosting(reply);
    await using ftp = clientOf(server, { virtualHost });
    const told = fallbacks(ftp);
    await observe(ftp.help$()).settled;
    await lose(server);
    await observe(ftp.help$()).settled;
    expect(server.commands).toEqual([HOST, ...login, 'HELP', ...login, 'HELP']);
    expect(told).toMatchObject([{ what: 'HOST', reply: { code: Number(reply.slice(0, 3)) } }]);
  });

  it.each([
    '501 Bad name.',
    '503 Not now.',
    '504 Unknown host.',
    '550 No.',
    '450 Later.',
  ])('refused by "%s" is a failed login: no user is named', async (reply) => {
    await using server = await hosting(reply);
    await using ftp = clientOf(server, { virtualHost, user: 'me', password: secret('canary-of-host') });
    const error = await observe(ftp.help$()).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: HOST, reply: { code: Number(reply.slice(0, 3)) }, outcome: 'none' });
    expect(String(error)).toContain('correct the option virtualHost');
    expect(server.commands).toEqual([HOST]);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    '220 Yes.',
    '500 What?',
  ])('answered by "%s" in clear lets no certificate of another host pass', async (reply) => {
    await using server = await hosting(reply, { tls: 'explicit' });
    await using ftp = secureClient(server, { virtualHost });
    const error = await observe(ftp.help$()).failed;
    expect(error).toMatchObject({ constructor: FtpSecurityError, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    expect(server.commands).toEqual([HOST, 'AUTH TLS']);
  });

  it.each([
    ['localhost', undefined, 'localhost'],
    [virtualHost, 'localhost', 'localhost'],
    ['127.0.0.1', undefined, undefined],
    ['[::1]', undefined, undefined],
  ])('%s with tls.servername %s asks TLS for %s', async (name, servername, asked) => {
    await using server = await hosting('220 Yes.', { tls: 'explicit' });
    await using ftp = secureClient(server, { virtualHost: name, tls: servername === undefined ? {} : { servername } });
    await observe(ftp.help$()).settled;
    expect(server.journal.of('secured').map((event) => event.servername)).toEqual([asked]);
  });

  it.each([
    '200 Fine.',
    '331 Fine.',
    '150 Fine.',
    '299 Fine.',
  ])('answered by "%s" before AUTH lets the login go on, in step after the handshake', async (reply) => {
    await using server = await hosting(reply, { tls: 'explicit', greeting: '220 Some server', chunking: 'whole' });
    await using ftp = secureClient(server, { virtualHost: 'localhost' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
    expect(server.commands).not.toContain('NOOP');
  });

  it('answered late, in place of AUTH, is a security error', async () => {
    await using server = await scriptedServer({ tls: 'explicit', greeting: '220 Some server', chunking: 'whole' });
    server.on('HOST', (session) => session.reply('331 Astray.'));
    server.once('AUTH', (session) => session.reply('504 Unknown host.'));
    await using ftp = secureClient(server, { virtualHost: 'localhost' });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpSecurityError);
    expect(server.commands).toEqual(['HOST localhost', 'AUTH TLS']);
  });

  it.each([
    '250 Fine.',
    '226 Fine.',
    '331 Fine.',
    '150 Fine.',
  ])('answered by "%s" lets the login go on', async (reply) => {
    await using server = await hosting(reply, { greeting: '220 Some server', chunking: 'whole' });
    await using ftp = clientOf(server, { virtualHost });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it('answered oddly is no beginning of a login in one write: a fence stands at its end', async () => {
    const packets = new Packets();
    await using server = await hosting('331 Fine.', { greeting: '220 ProFTPD Server ready.' });
    await using ftp = clientOf(server, { virtualHost, pipelineLogin: true, connector: packets.connector });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(packets.lines.slice(0, 5)).toEqual([[HOST], [login[0]], [login[1]], ['NOOP'], ['PWD']]);
  });

  it('answered twice is one login', async () => {
    await using server = await scriptedServer({ greeting: '220 Some server', chunking: 'whole' });
    server.answer('HOST', '220 Fine.', '220 Fine.');
    await using ftp = clientOf(server, { virtualHost });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it.each(['fin', 'rst'] as const)('at which the session is lost (%s) names no user', async (how) => {
    await using server = await scriptedServer();
    server.on('HOST', (session) => session.closeControl(how));
    await using ftp = clientOf(server, { virtualHost });
    expect(await observe(ftp.help$()).failed).toMatchObject({ constructor: FtpConnectionError, command: HOST });
    expect(server.commands).toEqual([HOST]);
  });

  it.each([
    ['silence', undefined, FtpTimeoutError],
    ['text without end', 'x\r\n'.repeat(200), FtpProtocolError],
  ])('answered by %s ends the login: the default host may be another one', async (_how, bytes, type) => {
    await using server = await scriptedServer();
    server.on('HOST', (session) => (bytes === undefined ? undefined : session.replyRaw(bytes)));
    await using ftp = clientOf(server, { virtualHost, replyTimeoutMs: 200 });
    expect(await observe(ftp.help$()).failed).toBeInstanceOf(type);
    expect(server.commands).toEqual([HOST]);
    expect(server.sessions).toHaveLength(1);
  });

  it('unanswered when the subscriber leaves is the last command', async () => {
    await using server = await scriptedServer();
    server.on('HOST', () => undefined);
    const ftp = clientOf(server, { virtualHost });
    const waiting = observe(ftp.help$());
    await server.received('HOST');
    waiting.unsubscribe();
    await observe(ftp.close$()).settled;
    await server.event('control-closed');
    expect(server.commands).toEqual([HOST]);
  });

  it('is sent again right after REIN, before the next USER', async () => {
    await using at = await connected({}, { virtualHost }, (server) => server.answer('HOST', '220 Yes.'));
    expect(await observe(at.ftp.rein$()).settled).toMatchObject([{ code: 220, text: 'Ready for a new user.' }]);
    expect(at.commands).toEqual(['REIN', HOST]);
    at.server.answer('HOST', '504 Not any more.');
    expect(await observe(at.ftp.rein$()).failed).toMatchObject({ command: HOST, reply: { code: 504 } });
  });
});

describe('the option virtualHost', () => {
  const good = ['a', 'ftp.example.com', 'ftp-1.example', '127.0.0.1', '[::1]', 'bücher.example', '例え.jp'];
  const bad = [
    '',
    ' ',
    'a b',
    'a.example:21',
    '::1',
    '[1.2.3.4]',
    '[::1%eth0]',
    '[::1]:21',
    'a..b',
    '1.2.3',
    'xn--a',
    '-a',
    'a/b',
    'a\r\nb',
  ];

  it.each(good)('may be %j', (name) => {
    expect(() => new FtpClient({ host: 'localhost', virtualHost: name })).not.toThrow();
  });

  it.each([
    ['utf8', 'Bücher.example', 'B\xc3\xbccher.example'],
    ['windows-1252', 'Bücher.example', 'xn--bcher-kva.example'],
    ['windows-1252', '例え.jp', 'xn--r8jz45g.jp'],
    ['gbk', 'FTP.example', 'FTP.example'],
  ])('of a client in %s is, for %s, sent as %j', async (encoding, virtualHost, sent) => {
    await using server = await hosting();
    await using ftp = clientOf(server, { encoding, virtualHost });
    await observe(ftp.help$()).settled;
    expect(server.clear.toString('latin1')).toMatch(new RegExp(`^HOST ${sent}\r\n`));
  });

  it.each([...bad, 'a'.repeat(64), 5, null, ['a']])('may not be %j', (name) => {
    const options = { host: 'localhost', virtualHost: name as string };
    expect(() => new FtpClient(options)).toThrow(/^The option virtualHost must be a host name/);
  });
});
