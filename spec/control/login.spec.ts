import { describe, expect, it, vi } from 'vitest';
import { FtpConnectionError, FtpProtocolError, FtpReplyError, FtpTimeoutError } from '../../lib/errors.js';
import { type Connector, connectSocket } from '../../lib/net/connector.js';
import { secret } from '../support/canary.js';
import type { ScriptedServer, ScriptedServerOptions } from '../support/scripted-server.js';
import { type ClientOptions, connecting } from './support/connected.js';

/** What the server was told by a login that came through. */
async function loginOf(
  serverOptions: ScriptedServerOptions = {},
  clientOptions: ClientOptions = {},
  script?: (server: ScriptedServer) => void,
): Promise<string[]> {
  await using at = await connecting(serverOptions, clientOptions, script);
  await at.connection.nth(1);
  return at.server.commands;
}

/** The error of a login that did not, and what the server was told. */
async function failureOf(
  serverOptions: ScriptedServerOptions = {},
  clientOptions: ClientOptions = {},
  script?: (server: ScriptedServer) => void,
): Promise<{ error: unknown; commands: string[] }> {
  await using at = await connecting(serverOptions, clientOptions, script);
  const error = await at.connection.failed;
  await at.server.event('control-closed');
  return { error, commands: at.server.commands };
}

const plain = ['USER anonymous', 'PASS anonymous@', 'FEAT', 'OPTS UTF8 ON'];

describe('the greeting', () => {
  it.each<[string, ScriptedServerOptions]>([
    ['220', {}],
    ['120 and then 220', { greeting: ['120 Ready in 1 minute.', '220 Ready.'] }],
    ['in one packet per byte', { chunking: 'bytes', greeting: ['120 Soon.', '220-Hello\r\n220 Ready.'] }],
    [
      'of many lines that look like replies',
      { greeting: '220-220 fake\r\n230 You are in\r\n220-\r\n530-No\r\n220 Ready.' },
    ],
  ])('%s is followed by the login', async (_name, options) => {
    expect(await loginOf(options)).toEqual(plain);
  });

  it('is the welcome, all its lines', async () => {
    await using at = await connecting({ greeting: '220-Hello\r\n230 fake\r\n220 Ready.' });
    expect((await at.connection.nth(1)).welcome).toBe('Hello\n230 fake\nReady.');
  });

  it('of a user who is logged in already needs no USER', async () => {
    expect(await loginOf({ greeting: '230 Come in.' })).toEqual(['FEAT', 'OPTS UTF8 ON']);
  });

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close', 'HTTP/1.1 400 Bad Request'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2', 'SSH-2.0-OpenSSH_9.2'],
    ['much text', 'no code\r\n'.repeat(21), 'no code'],
    ['one long text', 'x'.repeat(2049), 'xxx'],
  ])('of %s is an error at once that quotes it', async (_name, greeting, quoted) => {
    const { error, commands } = await failureOf({ greeting });
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(String(error)).toContain(quoted);
    expect(commands).toEqual([]);
  });

  it.each([
    '* OK IMAP4rev1 ready',
    '999 what',
  ])('of another protocol, "%s", is quoted when none has come in time', async (text) => {
    const { error, commands } = await failureOf({ greeting: text }, { replyTimeoutMs: 50 });
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(String(error)).toContain(`it sent "${text}"`);
    expect(commands).toEqual([]);
  });

  it('may stand behind text, and behind empty lines', async () => {
    expect(await loginOf({ greeting: ['', 'A banner.', '220 Ready.'] })).toEqual(plain);
  });

  it('of an unusual 2yz is followed by the login, and by a fence at its end', async () => {
    expect(await loginOf({ greeting: '226 Welcome.' })).toEqual([
      ...plain.slice(0, 2),
      'NOOP',
      'PWD',
      ...plain.slice(2),
    ]);
  });

  it('of SMTP passes for one, but EHLO-less USER is refused', async () => {
    const { error, commands } = await failureOf({ greeting: '220 mail.example.com ESMTP' }, {}, (server) => {
      server.answer('USER', '502 Command not implemented');
    });
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'USER anonymous' });
    expect(commands).toEqual(['USER anonymous']);
  });

  it('421 ends the attempt', async () => {
    const { error, commands } = await failureOf({ greeting: '421 Too many connections.' });
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', reply: { code: 421 } });
    expect(commands).toEqual([]);
  });

  it.each([
    '530 Not from there.',
    '500 No.',
    '450 Later.',
  ])('%s is a refusal, with no advice on commands', async (greeting) => {
    const { error } = await failureOf({ greeting });
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'the greeting', reply: { code: Number(greeting.slice(0, 3)) } });
    expect(String(error)).toContain(`greeted with a refusal: ${greeting} (it may take no connections from here`);
  });

  it('that is the end of the connection is an error', async () => {
    const { error } = await failureOf({ greeting: (session) => session.closeControl('fin') });
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'control' });
  });

  const begun: readonly [said: string, greeting: string | string[]][] = [
    ['120 Ready in 5 min.', '120 Ready in 5 min.'],
    ['220-Welcome', '220-Welcome'],
    ['220-Welcome to the club', ['220-Welcome', 'to the club']],
  ];

  it.each(begun)('of which only the beginning comes is quoted, and TLS is not blamed: %s', async (said, greeting) => {
    const { error } = await failureOf({ greeting }, { replyTimeoutMs: 50 });
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ command: 'the greeting', phase: 'greeting', transient: true });
    expect(String(error)).toContain(`not complete within 50 ms: after "${said}" the server sent no more`);
    expect(String(error)).not.toContain('TLS');
  });

  it.each(
    begun,
  )('of which only the beginning comes is quoted, when the server hangs up: %s', async (said, greeting) => {
    const { error } = await failureOf({
      greeting: async (session) => {
        await session.reply(...[greeting].flat());
        await session.closeControl('fin');
      },
    });
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(String(error)).toContain(`After "${said}" it sent no more.`);
    expect(String(error)).not.toContain('TLS');
  });

  it('may be waited for in vain, up to replyTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await connecting({ greeting: false }, { replyTimeoutMs: 7_000, connectTimeoutMs: 1_000 });
    await at.server.event('connected');
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    await vi.advanceTimersByTimeAsync(6_999);
    expect(at.connection.end).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    const error = await at.connection.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'greeting', afterMs: 7_000 });
    expect(at.server.commands).toEqual([]);
  });
});

describe('USER, PASS and ACCT', () => {
  it('are sent as far as the server asks for them', async () => {
    const steps = async (user: string, pass: string, acct = '230 In.'): Promise<string[]> =>
      (
        await loginOf({ login: false }, { user: 'me', password: 'geheim', account: 'dept' }, (server) => {
          server.answer('USER', user).answer('PASS', pass).answer('ACCT', acct);
        })
      ).filter((line) => /^(USER|PASS|ACCT)/.test(line));
    const [user, pass, acct] = ['USER me', 'PASS geheim', 'ACCT dept'];
    expect(await steps('230 In.', '')).toEqual([user]);
    expect(await steps('331 Password?', '230 In.')).toEqual([user, pass]);
    expect(await steps('331 Password?', '202 Superfluous.')).toEqual([user, pass]);
    expect(await steps('331 Password?', '332 Account?')).toEqual([user, pass, acct]);
    expect(await steps('332 Account?', '')).toEqual([user, acct]);
    expect(await steps('332 Account?', '', '202 Superfluous.')).toEqual([user, acct]);
  });

  it.each([
    ['USER', '332 Account?', '230 In.', 'USER me'],
    ['PASS', '331 Password?', '332 Account?', 'PASS ***'],
  ])('an account that is asked for after %s but was not given is an error that says so', async (_verb, user, pass, command) => {
    const { error } = await failureOf({}, { user: 'me', password: 'geheim' }, (server) => {
      server.answer('USER', user).answer('PASS', pass);
    });
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command, reply: { code: 332 } });
    expect(String(error)).toContain('give the option account');
  });

  it('are refused with an error that has no password in it', async () => {
    const password = secret('hunter2-canary');
    const { error } = await failureOf({}, { user: 'me', password }, (server) => {
      server.on('PASS', (session, argument) =>
        session.reply(`530-No "${argument}"\r\n530 Login incorrect: ${argument}`),
      );
    });
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'PASS ***', reply: { code: 530, text: 'No "***"\nLogin incorrect: ***' } });
    expect(String(error)).toContain('check user and password');
  });

  it('that are refused by USER alone say so', async () => {
    const { error, commands } = await failureOf({}, { user: 'me' }, (server) => server.answer('USER', '530 Go away.'));
    expect(error).toMatchObject({ command: 'USER me', reply: { code: 530 } });
    expect(commands).toEqual(['USER me']);
  });

  it.each([
    ['a function', () => 'from a function'],
    ['an async function', async () => 'from a function'],
  ])('take a password from %s', async (_name, password) => {
    expect(await loginOf({ users: { me: 'from a function' } }, { user: 'me', password })).toContain(
      'PASS from a function',
    );
  });

  it('ask for no password that is not asked for', async () => {
    const password = vi.fn(() => 'never');
    await loginOf({}, { password }, (server) => server.answer('USER', '230 In.'));
    expect(password).not.toHaveBeenCalled();
  });

  it.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('no keychain');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no keychain'))],
  ])('fail with the error of a password function that %s', async (_how, password) => {
    const { error, commands } = await failureOf({}, { user: 'me', password });
    expect(String(error)).toContain('no keychain');
    expect(commands).toEqual(['USER me']);
  });

  it('refuse a password that cannot be sent, without showing it', async () => {
    const password = secret('two\r\nlines');
    const { error, commands } = await failureOf({}, { user: 'me', password: () => password });
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', command: 'PASS' });
    expect(commands).toEqual(['USER me']);
  });
});

describe('after the login', () => {
  it('a server without FEAT has no features, and nothing is assumed of it', async () => {
    await using at = await connecting({}, {}, (server) => server.answer('FEAT', '502 Not implemented.'));
    const ftp = await at.connection.nth(1);
    expect(ftp.features.has('MLST')).toBe(false);
    expect(at.server.commands).toEqual(['USER anonymous', 'PASS anonymous@', 'FEAT']);
  });

  it('UTF-8 is asked for where the server has it and the client wants it', async () => {
    expect(await loginOf({}, { encoding: 'latin1' })).toEqual(plain.slice(0, 3));
    expect(
      await loginOf({}, {}, (server) => {
        server.features = ['SIZE'];
      }),
    ).toEqual(plain.slice(0, 3));
  });

  it('a refused OPTS UTF8 is no error', async () => {
    expect(await loginOf({}, {}, (server) => server.answer('OPTS', '501 Always on.'))).toEqual(plain);
  });

  it('the start directory is entered, and must be there', async () => {
    const files = { '/in/box/': '' };
    expect(await loginOf({ files }, { directory: '/in/box' })).toEqual([...plain, 'CWD /in/box']);
    const { error } = await failureOf({ files }, { directory: '/nowhere' });
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'CWD /nowhere', reply: { code: 550 } });
  });

  it('the features are known', async () => {
    await using at = await connecting({ chunking: 'bytes' });
    const { features } = await at.connection.nth(1);
    expect(['MLST', 'UTF8', 'EPSV'].map((name) => features.has(name))).toEqual([true, true, true]);
  });
});

describe('a login that is left', () => {
  it.each(['USER', 'PASS', 'FEAT'])('during %s closes its connection and sends nothing more', async (verb) => {
    await using at = await connecting({}, {}, (server) => server.answer(verb));
    await at.server.received(verb);
    at.connection.unsubscribe();
    await at.server.event('control-closed');
    expect(at.server.commands.at(-1)).toMatch(new RegExp(`^${verb}\\b`));
  });

  it('in the very moment it succeeds closes its connection all the same', async () => {
    for (let microtasks = 0; microtasks < 30; microtasks += 1) {
      const connector: Connector = async (endpoint, signal) => {
        const socket = await connectSocket(endpoint, signal);
        return socket.on('data', async (chunk) => {
          if (!String(chunk).startsWith('200 Always in UTF8')) return;
          for (let turn = 0; turn < microtasks; turn += 1) await undefined;
          at.connection.unsubscribe();
        });
      };
      await using at = await connecting({ chunking: 'whole' }, { connector });
      await at.server.event('control-closed');
      expect(at.connection.end).toBe('unsubscribed');
    }
  });

  it('while the connection is being made opens none', async () => {
    const signals: AbortSignal[] = [];
    await using at = await connecting(
      {},
      {
        connector: (_endpoint, signal) => {
          signals.push(signal);
          return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
      },
    );
    expect(signals).toHaveLength(1);
    at.connection.unsubscribe();
    expect(signals[0]?.aborted).toBe(true);
    expect(at.server.events).toEqual([]);
  });

  it('by its signal errors with the reason', async () => {
    const abort = new AbortController();
    await using at = await connecting({}, { signal: abort.signal }, (server) => server.answer('PASS'));
    await at.server.received('PASS');
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await at.connection.failed).toBe(reason);
    await at.server.event('control-closed');
  });
});

describe('a control connection that cannot be made', () => {
  it('is an error that says what to check', async () => {
    const { error } = await connectError(async () => {
      throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:21'), { code: 'ECONNREFUSED' });
    });
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'control', phase: 'connect' });
    expect(String(error)).toContain('Nothing listens there');
  });

  it.each([
    ['ENOTFOUND', 'Check the host name'],
    ['EAI_AGAIN', 'Check the host name'],
    ['EHOSTUNREACH', 'Check host, port and firewall'],
  ])('by %s: %s', async (code, advice) => {
    const { error } = await connectError(async () => {
      throw Object.assign(new Error(''), { code });
    });
    expect(String(error)).toContain(advice);
    expect(String(error)).toContain(code);
  });

  it('is given up after connectTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failing = connectError(
      (_endpoint, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await failing).error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect', afterMs: 10_000 });
  });

  async function connectError(connector: ClientOptions['connector']): Promise<{ error: unknown }> {
    await using at = await connecting({}, { connector });
    return { error: await at.connection.failed };
  }
});
