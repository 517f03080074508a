import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { filter } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connect$ } from '../../lib/client/connect.js';
import { FtpClient, type FtpOptions, type FtpSession, FtpUsageError } from '../../lib/index.js';
import { overhear, secret } from '../support/canary.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor, sessionOf } from './support/open.js';

describe('no secret is ever shown (T-15)', () => {
  it.each([
    '530 Login incorrect for hunter2-canary.',
    '530-hunter2-canary?\r\n530 hunter2-canary!',
    '332 Account for hunter2-canary?',
    '421 hunter2-canary is not welcome.',
    '999 hunter2-canary',
    '250 hunter2-canary',
    'hunter2-canary',
  ])('when PASS is answered by %j', async (answer) => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    server.answer('PASS', answer);
    await using ftp = clientOf(server, { user: 'ann', password, replyTimeoutMs: 500 });
    const replies = observe(ftp.reply$);
    const error = await observe(ftp.noop$()).failed;
    overhear('the error', inspect(error, { depth: 99, showHidden: true }));
    expect(server.commands).toContain('PASS hunter2-canary');
    await observe(ftp.close$()).settled;
    overhear('reply$', await replies.settled);
  });

  it.each([
    ['a later refusal', '550 hunter2-canary: no such file.'],
    ['the end of the session', '421 Goodbye hunter2-canary.'],
  ])('when %s echoes the password', async (_what, answer) => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password });
    await observe(ftp.noop$()).settled;
    server.answer('DELE', answer);
    const replies = observe(ftp.reply$);
    overhear('the error', inspect(await observe(ftp.dele$('/a')).failed, { depth: 99, showHidden: true }));
    await observe(ftp.close$()).settled;
    overhear('reply$', await replies.settled);
  });

  it.each([
    ['a stray reply', 'PASS', ['230 ok', '230 hunter2-canary is fine']],
    ['a stray refusal', 'PASS', ['230 ok', '530 hunter2-canary is not fine']],
    ['a reply that is impossible', 'FEAT', ['230 hunter2-canary is fine']],
    ['a reply that is impossible to PWD', 'PWD', ['230 hunter2-canary is fine']],
    ['a reply that only says done', 'OPTS', ['200 hunter2-canary is fine']],
    ['a transfer that cannot be', 'PWD', ['150 hunter2-canary is fine']],
    ['the farewell', 'QUIT', ['221 Goodbye, hunter2-canary.']],
  ])('when %s echoes the password', async (_what, verb, answers) => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    server.answer(verb, ...answers);
    await using ftp = clientOf(server, { user: 'ann', password });
    const replies = observe(ftp.reply$);
    const operation = observe(ftp.pwd$());
    await operation.ended;
    overhearValue('the outcome', operation.error);
    await observe(ftp.close$()).settled;
    overhear('reply$', await replies.settled);
    expect(replies.values.map(({ text }) => text).join()).toMatch(/\*\*\*/);
  });

  it('when what follows an abort echoes the password', async () => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password });
    const replies = observe(ftp.reply$);
    server.answer('RETR', '150 Wait.');
    server.answer('ABOR', '426 Cut.', '226 Enough, hunter2-canary.');
    const begun = observe(ftp.reply$.pipe(filter(({ code }) => code === 150)));
    const download = observe(ftp.retr$('/a'));
    await begun.nth(1);
    download.unsubscribe();
    await observe(ftp.noop$()).settled;
    await observe(ftp.close$()).settled;
    overhear('reply$', await replies.settled);
    expect(replies.values.map(({ text }) => text)).toContain('Enough, ***.');
  });

  it('but a value is left as it is', async () => {
    await using server = await scriptedServer({ files: { '/hunter2/a': '' } });
    await using ftp = clientOf(server, { user: 'ann', password: 'hunter2', directory: '/hunter2' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/hunter2']);
  });

  it('when a user sends PASS himself', async () => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const commands = observe(open.ftp.command$);
    const replies = observe(open.ftp.reply$);
    server.answer('PASS', '530 Not hunter2-canary.');
    overhear('the replies', await observe(open.ftp.send$(`PASS ${password}`)).settled);
    overhear('the error', await observe(open.ftp.exchange$(`pass ${password}`, { expect: 2 })).failed);
    overhear('the refusal', await observe(open.ftp.send$(`PASS ${password}\n`)).failed);
    await open.close();
    overhear('command$', await commands.settled);
    overhear('reply$', await replies.settled);
    expect(commands.values).toContain('PASS ***');
  });

  it('when a client, a session or what they return is inspected or made JSON', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    const passphrase = secret('passphrase-canary');
    const ca = server.tls?.authority.cert ?? '';
    const tls = { ...(await encryptedIdentity(passphrase)), passphrase, ca };
    const logins = { user: 'ann', password: secret('hunter2-canary'), account: secret('account-canary') };
    const secrets = { ...logins, secure: 'explicit', tls } as const;
    await using ftp = clientOf(server, secrets);
    overhearValue('the client', ftp);
    await observe(ftp.noop$()).settled;
    overhearValue('the client after use', ftp);
    await using open = await sessionOf(server, secrets);
    overhearValue('the session', open.ftp);
    for (const ftpOf of [ftp, open.ftp]) {
      overhearValue('a ByteStream', ftpOf.retr$('/a'));
      overhearValue('an Observable', ftpOf.stor$('/a', 'x'));
      const [readable, writable] = [ftpOf.retr('/a'), ftpOf.stor('/a')];
      overhearValue('a Readable', readable);
      overhearValue('a Writable', writable);
      readable.destroy();
      writable.destroy();
    }
    overhearValue('connect$', connect$(optionsFor(server, secrets)));
  });

  it('when what is under way, or its error, is inspected: no socket and no option is in reach', async () => {
    const secrets = { user: 'ann', password: secret('hunter2-canary'), account: secret('account-canary') };
    const passphrase = secret('passphrase-canary');
    await using server = await scriptedServer({ tls: 'explicit', files: { '/a': 'x'.repeat(2_000_000) } });
    const ca = server.tls?.authority.cert ?? '';
    const tls = { ...(await encryptedIdentity(passphrase)), passphrase, ca };
    let connected: (ftp: FtpSession) => void = () => {};
    const opened = new Promise<FtpSession>((resolve) => {
      connected = resolve;
    });
    const connection = connect$(optionsFor(server, { ...secrets, secure: 'explicit', tls })).subscribe({
      next: connected,
      error: () => undefined,
    });
    const ftp = await opened;
    overhearValue('the subscription of a session', connection);
    const raw = observe(ftp.transfer$('RETR /a'));
    overhearValue('a RawTransfer', await raw.nth(1));
    raw.unsubscribe();
    const readable = ftp.retr('/a');
    await once(readable, 'readable');
    overhearValue('a Readable under way', readable);
    server.answer('PWD');
    const lost = observe(ftp.pwd$()).failed;
    readable.on('error', () => undefined).resume();
    await server.received('PWD');
    await server.sessions[0]?.closeControl('rst');
    overhearValue('the error of a lost connection', await lost);
    connection.unsubscribe();
    await using stranger = clientOf(server, { ...secrets, secure: 'explicit', tls: { ...tls, ca: tls.cert } });
    overhearValue('the error of a refused certificate', await observe(stranger.noop$()).failed);
  });

  it.each([
    ['a URL', 'ftp://ann:hunter2-canary@'],
    ['a URL with a bad host', 'ftp://ann:hunter2-canary@%zz/'],
    ['a URL with a bad port', 'ftp://ann:hunter2-canary@host:port/'],
    ['a URL of another kind', new URL('https://ann:hunter2-canary@host/')],
    ['a URL with bad escapes', 'ftp://ann:hunter2-canary%zz@host/'],
    ['a URL with a line feed', new URL('ftp://ann:hunter2-canary%0A@host/')],
    ['a password with a line feed', { host: 'host', password: 'hunter2-canary\n' }],
    ['an account with a line feed', { host: 'host', account: 'hunter2-canary\n' }],
    ['options without a host', { password: 'hunter2-canary' } as unknown as FtpOptions],
    ['another bad option', { host: 'host', port: -1, password: 'hunter2-canary', account: 'hunter2-canary' }],
  ])('when %s is refused', async (_what, options) => {
    secret('hunter2-canary');
    const error = await observe(connect$(options)).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    overhearValue('the error', error);
    expect(() => new FtpClient(options)).toThrow(FtpUsageError);
  });

  it('when the connection is lost at PASS', async () => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    server.on('PASS', (session) => session.closeControl('rst'));
    const error = await observe(connect$(optionsFor(server, { user: 'ann', password }))).failed;
    overhear('the error', inspect(error, { depth: 99, showHidden: true }));
    expect(error).toMatchObject({ command: 'PASS ***' });
  });
});

/** Everything that shows a value: `console.log`, `inspect` at any depth, JSON. */
function overhearValue(what: string, value: unknown): void {
  overhear(what, inspect(value));
  overhear(`all of ${what}`, inspect(value, { depth: 99, showHidden: true, getters: true, maxStringLength: null }));
  overhear(`${what} as JSON`, String(JSON.stringify(value, withoutCycles())));
}

/** A client's certificate with a key that only `passphrase` opens; the key's own text counts as a secret. */
async function encryptedIdentity(passphrase: string): Promise<Certificate> {
  const { key, cert } = await (await CertificateAuthority.create()).issueClient();
  const locked = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  secret(String(locked).split('\n')[1] ?? '');
  return { key: String(locked), cert };
}

function withoutCycles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}
