/**
 * Checks the errors for settings that do not fit the server. For each pair of a client's `secure` and a server's TLS, and for each fault of
 * a certificate, a password or an offset, it compares the class and the words of the cause.
 */
import { lastValueFrom } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpClient, type FtpErrorCode, type FtpOptions } from '../../lib/index.js';
import { secret } from '../support/canary.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';

type Secure = false | 'explicit' | 'implicit';
type Told = 'works' | readonly [FtpErrorCode, ...RegExp[]];

const files = { '/hello.txt': 'hello' };
const users = { me: secret('right-password') };

let authority: CertificateAuthority;
let valid: Certificate;
let expired: Certificate;
let otherHost: Certificate;
beforeAll(async () => {
  authority = await CertificateAuthority.create();
  [valid, expired, otherHost] = await Promise.all([
    authority.issue(),
    authority.issueExpired(),
    authority.issueForOtherHost(),
  ]);
});

function start(
  mode: 'explicit' | 'implicit' | undefined,
  { certificate = valid, ...more }: ScriptedServerOptions & { certificate?: Certificate } = {},
): Promise<ScriptedServer> {
  return scriptedServer({ files, users, ...more, ...(mode === undefined ? {} : { tls: { mode, certificate } }) });
}

function clientOf({ host, port }: ScriptedServer, secure: Secure, more: Partial<FtpOptions> = {}): FtpClient {
  const trust = secure === false ? {} : { tls: { ca: authority.cert } };
  return new FtpClient({ host, port, user: 'me', password: users.me, secure, ...trust, ...more });
}

/** Refuses the login in clear text, by `reply` to `verb`. */
function demandTls(server: ScriptedServer, verb: string, reply: string): ScriptedServer {
  return server.on(verb, (session, _argument, { byDefault }) => (session.secure ? byDefault() : session.reply(reply)));
}

async function expectTold(ftp: FtpClient, told: Told): Promise<void> {
  if (told === 'works') {
    expect(await lastValueFrom(ftp.size$('/hello.txt'))).toBe(5);
    return;
  }
  const [code, ...words] = told;
  const error = await observe(ftp.size$('/hello.txt')).failed;
  expect(error).toMatchObject({ code });
  for (const word of words) expect(String(error)).toMatch(word);
}

const SET_EXPLICIT = /set secure: 'explicit'/;
const SET_IMPLICIT = /(set|with) secure: 'implicit'/;

describe('a client and a server that differ about TLS', () => {
  const servers: Record<string, () => Promise<ScriptedServer>> = {
    plain: () => start(undefined),
    'with TLS by choice': () => start('explicit'),
    'with TLS on demand': async () =>
      demandTls(await start('explicit'), 'USER', '530 Non-anonymous sessions must use encryption.'),
    'with TLS from the first byte': () => start('implicit'),
  };
  const silence: Told = ['ERR_FTP_TIMEOUT', /No greeting came/, SET_IMPLICIT];
  const clearText: Told = ['ERR_FTP_SECURITY', /wrong version number/i, SET_EXPLICIT, /secure: false/];
  it.each<[Secure, string, Told]>([
    [false, 'plain', 'works'],
    [false, 'with TLS by choice', 'works'],
    [false, 'with TLS on demand', ['ERR_FTP_REPLY', /without TLS/, SET_EXPLICIT]],
    [false, 'with TLS from the first byte', silence],
    ['explicit', 'plain', ['ERR_FTP_SECURITY', /refused TLS/, SET_IMPLICIT, /set secure: false/]],
    ['explicit', 'with TLS by choice', 'works'],
    ['explicit', 'with TLS on demand', 'works'],
    ['explicit', 'with TLS from the first byte', silence],
    ['implicit', 'plain', clearText],
    ['implicit', 'with TLS by choice', clearText],
    ['implicit', 'with TLS on demand', clearText],
    ['implicit', 'with TLS from the first byte', 'works'],
  ])('secure: %s at a server %s', async (secure, name, told) => {
    const make = servers[name];
    if (make === undefined) throw new Error(`no server is called ${name}`);
    await using server = await make();
    // The silence of a server is told after this long; the others answer at once.
    const patience = told === silence ? { replyTimeoutMs: 100 } : {};
    await using ftp = clientOf(server, secure, patience);
    await expectTold(ftp, told);
  });

  it.each<Secure>([false, 'explicit'])('secure: %s at a server that hangs up instead of a greeting', async (secure) => {
    await using server = await start(undefined, { greeting: (session) => session.closeControl('fin') });
    await using ftp = clientOf(server, secure);
    await expectTold(ftp, ['ERR_FTP_CONNECTION', SET_IMPLICIT]);
  });

  it('secure: implicit at a server that never answers the handshake', async () => {
    const nothing = (): Promise<never> => new Promise(() => undefined);
    await using server = await start(undefined, { greeting: nothing });
    await using ftp = clientOf(server, 'implicit', { connectTimeoutMs: 100 });
    await expectTold(ftp, ['ERR_FTP_TIMEOUT', /The TLS handshake/, SET_EXPLICIT]);
  });
});

describe('a plain login at a server that demands TLS', () => {
  it.each([
    ['USER', '530 Non-anonymous sessions must use encryption.'],
    ['PASS', '530 Non-anonymous sessions must use encryption.'],
    ['USER', '550 SSL/TLS required on the control channel'],
    ['USER', '534 Policy requires SSL.'],
    ['USER', '503 Use AUTH first.'],
    ['PASS', '530 Sorry, insecure connections are not allowed.'],
    ['USER', '522 Secure login is required.'],
  ])('%s is answered by %s', async (verb, reply) => {
    await using server = demandTls(await start('explicit'), verb, reply);
    await using ftp = clientOf(server, false);
    await expectTold(ftp, ['ERR_FTP_REPLY', /without TLS/, SET_EXPLICIT]);
  });

  it('that ends the session over it: 421 Sorry, cleartext sessions ... are not accepted', async () => {
    const reply = '421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.';
    await using server = demandTls(await start('explicit'), 'USER', reply);
    await using ftp = clientOf(server, false);
    await expectTold(ftp, ['ERR_FTP_CONNECTION', /without TLS/, SET_EXPLICIT]);
  });

  it.each([
    '421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.',
    '431 SSL/TLS required on the control channel',
    '530 Non-anonymous sessions must use encryption.',
    '550 SSL/TLS required on the control channel',
  ])('is tried once, is no limit of sessions, and will not succeed later: %s', async (reply) => {
    await using server = demandTls(await start('explicit'), 'USER', reply);
    await using ftp = clientOf(server, false, { retry: { attempts: 3, delayMs: 1 }, maxSessions: 2 });
    const events = observe(surprisesOf(ftp.events$));
    expect(await observe(ftp.size$('/hello.txt')).failed).toMatchObject({ transient: false, outcome: 'none' });
    expect(server.commands.filter((line) => line.startsWith('USER'))).toHaveLength(1);
    expect(events.values.filter(({ type }) => type === 'limit')).toEqual([]);
    events.unsubscribe();
  });

  it('is not what a server wants that ends a session under TLS by 421', async () => {
    await using server = await start('explicit');
    server.answer('USER', '421 A TLS client certificate is needed.');
    await using ftp = clientOf(server, 'explicit');
    await expectTold(ftp, ['ERR_FTP_CONNECTION', /client certificate: give tls\.cert and tls\.key/]);
  });

  it.each([
    '521 SSL/TLS required on the data channel.',
    '522 Data connections must be encrypted.',
    '550 TLS required on the data channel.',
  ])('that demands it of data connections only: %s', async (reply) => {
    await using server = await start(undefined);
    server.answer('RETR', reply);
    await using ftp = clientOf(server, false);
    const error = await observe(ftp.retr$('/hello.txt')).failed;
    expect(String(error)).toMatch(/protected data connections: set secure: 'explicit', and leave dataProtection/);
  });
});

describe.each(['explicit', 'implicit'] as const)('secure: %s', (mode) => {
  it('with a certificate of an authority that was not given', async () => {
    await using server = await start(mode);
    await using ftp = clientOf(server, mode, { tls: {} });
    await expectTold(ftp, ['ERR_FTP_SECURITY', /UNABLE_TO_VERIFY_LEAF_SIGNATURE/, /give the CA in tls\.ca/]);
  });

  it('with a certificate that has expired', async () => {
    await using server = await start(mode, { certificate: expired });
    await using ftp = clientOf(server, mode);
    await expectTold(ftp, [
      'ERR_FTP_SECURITY',
      /has expired, and the server must renew it; or it is the one in tls\.ca/,
    ]);
  });

  it('with a certificate for another name', async () => {
    await using server = await start(mode, { certificate: otherHost });
    await using ftp = clientOf(server, mode);
    await expectTold(ftp, ['ERR_FTP_SECURITY', /for another name/, /tls\.servername/]);
  });

  it('with the path of the CA in place of its content', () => {
    expect(() => new FtpClient({ host: 'localhost', secure: mode, tls: { ca: './company-ca.pem' } })).toThrow(
      /content/,
    );
  });

  it.each([
    ['a private key in its place', () => valid.key, /holds a private key in place of a certificate/],
    ['a cut certificate', () => authority.cert.slice(0, 200), /ends in the middle of a certificate/],
  ])('with %s as the CA', (_what, content, words) => {
    const ca = content();
    expect(() => new FtpClient({ host: 'localhost', secure: mode, tls: { ca } })).toThrow(words);
  });

  it('refused for want of a client certificate', async () => {
    await using server = await start(mode);
    server.answer('PASS', '530 A TLS client certificate is needed.');
    await using ftp = clientOf(server, mode);
    await expectTold(ftp, ['ERR_FTP_REPLY', /client certificate: give tls\.cert and tls\.key/]);
  });
});

describe('a login that is refused', () => {
  it('for a wrong password', async () => {
    await using server = await start(undefined);
    await using ftp = clientOf(server, false, { password: secret('wrong-password') });
    await expectTold(ftp, ['ERR_FTP_REPLY', /530 Login incorrect/, /check user and password/]);
  });

  it.each([
    ['USER', '530 Sorry, the maximum number of clients (2) are already connected.'],
    ['PASS', '530 Too many connections for this user.'],
  ])('for too many logins, by the reply to %s: %s', async (verb, reply) => {
    await using server = await start(undefined);
    server.answer(verb, reply);
    await using ftp = clientOf(server, false);
    await expectTold(ftp, ['ERR_FTP_REPLY', /no more sessions just now/, /maxSessions/]);
  });

  it.each([
    ['USER', '421 Too many users.'],
    ['PASS', '421 Come back later.'],
    ['the greeting', '421 Too many connections.'],
  ])('for too many logins, by the end of the session as an answer to %s: %s', async (verb, reply) => {
    await using server = await start(undefined, verb === 'the greeting' ? { greeting: reply } : {});
    server.answer(verb, reply);
    await using ftp = clientOf(server, false);
    await expectTold(ftp, ['ERR_FTP_CONNECTION', /no more sessions just now/, /maxSessions/]);
  });
});

describe('a download from beyond the end of the file', () => {
  it.each([
    ['REST', '554 Restart position is beyond the end.'],
    ['REST', '551 Invalid offset.'],
    ['RETR', '554 Invalid REST parameter.'],
    ['RETR', '550 Requested offset is invalid.'],
    ['RETR', '551 Offset is beyond the end.'],
    ['RETR', '451 Seek failed.'],
  ])('%s is answered by %s', async (verb, reply) => {
    await using server = await start(undefined);
    server.answer(verb, reply);
    await using ftp = clientOf(server, false);
    const error = await observe(ftp.retr$('/hello.txt', { start: 10 })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY' });
    expect(String(error)).toMatch(/start beyond the end of the file/);
  });

  it('is not thought of when the file is not there', async () => {
    await using server = await start(undefined);
    await using ftp = clientOf(server, false);
    const error = await observe(ftp.retr$('/no-such-file', { start: 10 })).failed;
    expect(String(error)).toMatch(/does it exist/);
  });

  it('cannot be asked for where the server knows no REST', async () => {
    await using server = await start(undefined);
    server.answer('REST', '502 Not implemented.');
    await using ftp = clientOf(server, false);
    const error = await observe(ftp.retr$('/hello.txt', { start: 2 })).failed;
    expect(String(error)).toMatch(/leave start out/);
  });
});
