/** Identification with fewer round trips: what follows the login in one write, and `pipelineLogin`. */
import { describe, expect, it, vi } from 'vitest';
import { FtpConnectionError, FtpReplyError, FtpSecurityError } from '../../lib/errors.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';
import { secureClient } from '../tls/support/secure-client.js';
import { type ClientOptions, connecting } from './support/connected.js';
import { Packets } from './support/packets.js';

const known = { greeting: '220 ProFTPD Server ready.' };
const me = { user: 'me', password: 'pass-word', pipelineLogin: true };
const everything = ['USER me', 'PASS pass-word', 'FEAT', 'OPTS UTF8 ON'];

interface Attempt {
  readonly packets: readonly (readonly string[])[];
  readonly commands: readonly string[];
  readonly error: unknown;
  /** Whether the features were learnt. */
  readonly features: boolean;
}

/** One login to its end, good or bad. */
async function attempt(
  serverOptions: ScriptedServerOptions,
  clientOptions: ClientOptions = me,
  script?: (server: ScriptedServer) => void,
): Promise<Attempt> {
  const packets = new Packets();
  await using at = await connecting(serverOptions, { connector: packets.connector, ...clientOptions }, script);
  const session = await at.connection.nth(1).catch(() => undefined);
  const features = session?.features.has('MLST') === true;
  if (session !== undefined) expect(await observe(session.pwd$()).settled).toEqual(['/']);
  const commands = at.server.commands.filter((line) => line !== 'PWD');
  return {
    packets: packets.lines.filter(([first]) => first !== 'PWD'),
    commands,
    error: at.connection.error,
    features,
  };
}

describe('what follows the login', () => {
  it('goes out in one write where the server is known, and step by step where not', async () => {
    const { packets, features } = await attempt(known, { user: 'me', password: 'x' });
    expect(packets).toEqual([['USER me'], ['PASS x'], ['FEAT', 'OPTS UTF8 ON']]);
    expect(features).toBe(true);
    const unknown = await attempt({}, { user: 'me', password: 'x' });
    expect(unknown.packets).toEqual([['USER me'], ['PASS x'], ['FEAT'], ['OPTS UTF8 ON']]);
  });

  it('asks for no UTF-8 that nobody wants', async () => {
    const { packets } = await attempt(known, { user: 'me', password: 'x', encoding: 'latin1' });
    expect(packets.at(-1)).toEqual(['FEAT']);
  });

  it.each([
    ['FEAT', '502 No FEAT.'],
    ['OPTS', '501 No OPTS.'],
  ])('may be refused: %s', async (verb, reply) => {
    const { error, features } = await attempt(known, { user: 'me' }, (server) => server.answer(verb, reply));
    expect(error).toBeUndefined();
    expect(features).toBe(verb === 'OPTS');
  });

  it('is all there is to do for a user whom the server greets as logged in', async () => {
    const { packets, features } = await attempt({ login: false, greeting: '230 vsFTPd knows you' });
    expect(packets).toEqual([['FEAT', 'OPTS UTF8 ON']]);
    expect(features).toBe(true);
  });

  it.each([false, true])('protects the data in the same write, over TLS (pipelineLogin: %s)', async (pipelineLogin) => {
    await using server = await scriptedServer({ ...known, tls: 'explicit', files: { '/a': 'hello' } });
    await using ftp = secureClient(server, { ...me, pipelineLogin });
    expect(Buffer.concat(await observe(ftp.retr$('/a')).settled).toString()).toBe('hello');
    const login = [...everything.slice(0, 2), 'PBSZ 0', 'PROT P', 'EPSV', 'TYPE I', ...everything.slice(2)];
    expect(server.commands).toEqual(['AUTH TLS', ...login, 'RETR /a']);
    expect(server.clear.toString()).toBe('AUTH TLS\r\n');
    expect(server.journal.of('data-secured')).toHaveLength(1);
  });

  it.each([
    false,
    true,
  ])('refused PROT P is a security error, and nothing is transferred (pipelineLogin: %s)', async (pipelineLogin) => {
    await using server = await scriptedServer({ ...known, tls: 'explicit', files: { '/a': 'hello' } });
    server.answer('PROT', '536 No PROT.');
    await using ftp = secureClient(server, { ...me, pipelineLogin });
    const error = await observe(ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(error).toMatchObject({ reply: { code: 536 }, command: 'PROT P' });
    expect(server.commands).not.toContain('RETR /a');
  });

  it.each([
    false,
    true,
  ])('refused PBSZ does not matter where PROT P is granted (pipelineLogin: %s)', async (pipelineLogin) => {
    await using server = await scriptedServer({ ...known, tls: 'explicit', files: { '/a': 'hello' } });
    server.answer('PBSZ', '500 No PBSZ.');
    await using ftp = secureClient(server, { ...me, pipelineLogin });
    const events = observe(surprisesOf(ftp.events$));
    expect(Buffer.concat(await observe(ftp.retr$('/a')).settled).toString()).toBe('hello');
    expect(server.journal.of('data-secured')).toHaveLength(1);
    expect(events.values).toMatchObject([{ type: 'fallback', what: 'PBSZ', reply: { code: 500 } }]);
    events.unsubscribe();
  });
});

describe('pipelineLogin', () => {
  it.each(['whole', 'bytes'] as const)('is one write (%s)', async (chunking) => {
    const { packets, error, features } = await attempt({ users: { me: 'pass-word' }, chunking });
    expect(packets).toEqual([everything]);
    expect([error, features]).toEqual([undefined, true]);
  });

  it('is off by default', async () => {
    const { packets } = await attempt(known, { user: 'me', password: 'x' });
    expect(packets[0]).toEqual(['USER me']);
  });

  it('is not for a server that answers a refused PASS after what follows it (pyftpdlib)', async () => {
    const { packets } = await attempt({ greeting: '220 pyftpdlib 1.5.7 ready.' });
    expect(packets).toEqual([['USER me'], ['PASS pass-word'], ['FEAT', 'OPTS UTF8 ON']]);
  });

  it('enters the start directory afterwards', async () => {
    const { packets } = await attempt({ files: { '/in/': '' } }, { ...me, directory: '/in' }, (server) =>
      server.on('PWD', (session) => session.reply('257 "/"')),
    );
    expect(packets).toEqual([everything, ['CWD /in']]);
  });

  it('takes a password from a function, asked before anything is written', async () => {
    const password = vi.fn(async () => 'pass-word');
    const { packets } = await attempt({ users: { me: 'pass-word' } }, { ...me, password });
    expect(packets).toEqual([everything]);
    expect(password).toHaveBeenCalledOnce();
  });

  it('sends nothing when there is no password to send', async () => {
    const password = (): Promise<string> => Promise.reject(new Error('no keychain'));
    const { packets, error } = await attempt({}, { ...me, password });
    expect(packets).toEqual([]);
    expect(String(error)).toContain('no keychain');
  });

  it.each([
    '503 Already logged in.',
    '230 Already logged in.',
    '202 No need.',
  ])('is fine with a server that asks for no password (USER 230, PASS %s)', async (reply) => {
    const { packets, error, features } = await attempt({ login: false }, me, (server) =>
      server.answer('USER', '230 In.').answer('PASS', reply),
    );
    expect([packets, error, features]).toEqual([[everything], undefined, true]);
  });

  it.each([
    ['USER', '332 Account, please.', '503 Not now.'],
    ['PASS', '331 Password, please.', '332 Account, please.'],
  ])('gives the account when %s asks for it, and asks again for what was refused', async (verb, user, pass) => {
    const script = (server: ScriptedServer): void => {
      server.answer('USER', user).answer('PASS', pass);
      server.once('FEAT', (session) => session.reply('530 Log in first.'));
      server.once('OPTS', (session) => session.reply('530 Log in first.'));
      server.on('ACCT', (session) => {
        session.state.loggedIn = true;
        return session.reply('230 In.');
      });
    };
    const good = await attempt({}, { ...me, account: 'books' }, script);
    expect(good.packets).toEqual([everything, ['ACCT books'], ['FEAT', 'OPTS UTF8 ON']]);
    expect([good.error, good.features]).toEqual([undefined, true]);
    const none = await attempt({}, me, script);
    expect(none.error).toMatchObject({ reply: { code: 332 }, command: verb === 'USER' ? 'USER me' : 'PASS ***' });
    expect(String(none.error)).toContain('give the option account');
  });

  describe('that is refused', () => {
    const password = 'canary-of-identify';

    it.each([
      ['by PASS', 'PASS', undefined],
      ['by PASS, with the end of the connection', 'PASS', 'fin'],
      ['by USER', 'USER', undefined],
      ['by USER, with the end of the connection', 'USER', 'fin'],
    ] as const)('%s is one clear error without the secret', async (_how, verb, end) => {
      const unhandled = vi.fn();
      process.on('unhandledRejection', unhandled);
      const { error, packets } = await attempt({}, { ...me, password: secret(password) }, (server) => {
        server.on(verb, async (session, argument) => {
          await session.reply(`530 Login incorrect: ${argument}`);
          if (end !== undefined) await session.closeControl(end);
        });
      });
      process.off('unhandledRejection', unhandled);
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ reply: { code: 530 }, command: verb === 'PASS' ? 'PASS ***' : 'USER me' });
      expect(packets).toHaveLength(1);
      expect(unhandled).not.toHaveBeenCalled();
    });

    it('in the middle of its replies says what was lost', async () => {
      const { error } = await attempt({}, me, (server) => server.on('FEAT', (session) => session.closeControl('fin')));
      expect(error).toBeInstanceOf(FtpConnectionError);
      expect(error).toMatchObject({ command: 'FEAT' });
    });

    it('by a client is told to whoever waits, once, and the password is in no event', async () => {
      await using server = await scriptedServer({ tls: 'explicit', users: { me: 'another' } });
      await using ftp = secureClient(server, { ...me, password: secret(password), maxSessions: 3 });
      const told: unknown[] = [];
      ftp.command$.subscribe((line) => told.push(line));
      ftp.reply$.subscribe((reply) => told.push(reply));
      const all = [observe(ftp.pwd$()), observe(ftp.noop$()), observe(ftp.size$('/a'))];
      for (const { failed } of all) expect(await failed).toMatchObject({ command: 'PASS ***', reply: { code: 530 } });
      expect(server.sessions).toHaveLength(1);
      expect(JSON.stringify(told)).not.toContain(password);
      expect(told).toContain('PASS ***');
    });
  });
});
