import { describe, expect, it, vi } from 'vitest';
import { connect$ } from '../../lib/client/connect.js';
import { parseFtpUrl } from '../../lib/client/ftp-url.js';
import { resolveOptions } from '../../lib/client/resolve-options.js';
import { DEFAULTS, FtpClient, type FtpOptions, type FtpSessionOptions, FtpUsageError } from '../../lib/index.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { connectSocket } from '../../lib/net/connector.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';

const host = 'ftp.example.com';
const notANumber = [Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number, null as unknown as number];

/** Values that no option of that name may have. */
const refused: { readonly [K in keyof FtpOptions]?: readonly unknown[] } = {
  host: ['', undefined, null, 5, 'a\r\nDELE b', 'a\nb', 'a\0b'],
  port: [0, -1, 65_536, 2.5, ...notANumber],
  user: ['a\rb', 'a\nDELE b', 'a\0', 5, null],
  password: ['a\rb', 'a\nDELE b', 'a\0', 5, null],
  account: ['a\rb', 'a\nDELE b', 'a\0', 5, null],
  directory: ['/a\r\nDELE b', '/a\nb', '/a\0', 5, null],
  virtualHost: ['a\r\nb', 'a\0', '', 'a b', 'a:21', '::1', 5, null],
  clientName: ['a\r\nb', 'a\nb', 'a\0', '', '  ', 5, null],
  language: ['en\r\nX', 'en fr', '', '*', '-en', 'en-', 'a'.repeat(65), 5, null],
  loginCommands: [
    ...['SITE X', 5, null, [5], [null], [['SITE X']], ['SITE a\r\nDELE b'], ['SITE a\nb'], ['-SITE a\0']],
    ...[[''], ['-'], [' SITE X'], ['- SITE X'], ['--SITE X'], ['SITE X', 'QUIT'], ['USER me'], ['-RETR a']],
  ],
  type: ['E', 'text', 'a', true, null],
  secure: [true, 'tls', '', null],
  tls: [
    ...['no', 5, null, { minVersion: 'TLSv9' }, { key: 'no key' }, { key: 5 }, { pfx: Buffer.from('no pfx') }],
    ...[
      { cert: 'no certificate' },
      { ciphers: 'none' },
      { passphrase: 5, key: 'x' },
      { secureProtocol: 'TLSv9_method' },
    ],
    ...[{ checkServerIdentity: true }, { servername: 5 }],
    ...['', 'AB:CD', 'g'.repeat(64), '0'.repeat(63), 5, null].map((fingerprint256) => ({ fingerprint256 })),
  ],
  dataProtection: ['none', true, null],
  mode: ['auto', true, null],
  activeAddress: ['example.com', 'a\r\nb', '', 5],
  activePorts: [[5], [0, 10], [10, 5], [1, 65_536], [1.5, 2], 'ab', 5, null],
  family: [5, '4', null],
  activePeer: ['all', true, null],
  localAddress: ['', 'a\0b', 5],
  localPort: [0, -1, 65_536, 2.5, ...notANumber],
  connectTimeoutMs: [0, -1, ...notANumber],
  replyTimeoutMs: [0, -1, ...notANumber],
  stallTimeoutMs: [0, -1, ...notANumber],
  deadlineMs: [-1, 2 ** 31, ...notANumber],
  minRate: [
    ...[true, 5, 'slow', null, {}, { bytesPerSecond: 5 }, { overMs: 5 }, { bytesPerSecond: 0, overMs: 5 }],
    ...[
      { bytesPerSecond: 5, overMs: 0 },
      { bytesPerSecond: '5', overMs: 5 },
      { bytesPerSecond: 5, overMs: 2 ** 31 },
    ],
    ...[
      { bytesPerSecond: 5, overMs: 5, times: 2 },
      { bytesPerSecond: Number.NaN, overMs: 5 },
    ],
  ],
  abortTimeoutMs: [0, -1, ...notANumber],
  keepAliveMs: [-1, ...notANumber],
  transferKeepAliveMs: [-1, ...notANumber],
  progressIntervalMs: [-1, ...notANumber],
  encoding: ['ebcdic', { encode: () => new Uint8Array() }, 5, null],
  timeZone: ['', 'Europe/Nowhere', Number.NaN, 1441, true, null],
  trustPasvHost: ['false', 1, null],
  allowCcc: ['false', 1, null],
  pipelineLogin: ['true', 1, null],
  maxSessions: [0, -1, 1.5, ...notANumber],
  retry: [
    ...[5, 'true', null, { attempts: 0 }, { attempts: 1.5 }, { attempts: '5' }, { delayMs: -1 }, { delayMs: '5' }],
    ...[{ maxDelayMs: Number.NaN }, { maxDelayMs: 2 ** 31 }, { when: true }, { times: 5 }],
    ...[{ toString: 5 }, { delayMs: null }],
  ],
  connectIntervalMs: [-1, 2 ** 31, ...notANumber],
  idleTimeoutMs: [-1, 2 ** 31, ...notANumber],
  maxReplyBytes: [0, -1, ...notANumber],
  maxLineBytes: [0, -1, ...notANumber],
  maxCommandBytes: [0, -1, 63, 100.5, ...notANumber],
  connector: ['socket', {}, null],
  signal: ['abort', {}, null],
};

const badValues = Object.entries(refused).flatMap(([name, values]) => values.map((value) => ({ name, value })));

function refusal(options: unknown): FtpUsageError {
  try {
    new FtpClient(options as FtpOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(FtpUsageError);
    return error as FtpUsageError;
  }
  throw new Error('the options were accepted');
}

describe('options', () => {
  it('has these defaults', () => {
    const { settings, maxSessions, retry, connectIntervalMs, idleTimeoutMs, type, signal } = resolveOptions({ host });
    const { password, codec, connector, clock, maxSessions: most, ...plain } = settings;
    expect(clock).toBe(SYSTEM_CLOCK);
    expect(plain).toEqual({
      host,
      port: 21,
      user: 'anonymous',
      account: undefined,
      directory: undefined,
      virtualHost: undefined,
      clientName: undefined,
      language: undefined,
      loginCommands: [],
      secure: false,
      dataProtection: 'private',
      tls: {},
      mode: 'passive',
      activeAddress: undefined,
      activePorts: undefined,
      activePeer: 'same',
      family: 0,
      localAddress: undefined,
      localPort: undefined,
      trustPasvHost: false,
      allowCcc: false,
      pipelineLogin: false,
      connectTimeoutMs: 10_000,
      replyTimeoutMs: 30_000,
      stallTimeoutMs: 60_000,
      deadlineMs: 0,
      minRate: false,
      abortTimeoutMs: 5_000,
      keepAliveMs: 0,
      transferKeepAliveMs: 0,
      progressIntervalMs: 250,
      maxReplyBytes: 262_144,
      maxLineBytes: 65_536,
      features: 'ask',
      compression: false,
      maxCommandBytes: undefined,
    });
    expect(password()).toBe('anonymous@');
    expect(codec.name).toBe('utf8');
    expect([most, resolveOptions({ host }, true).settings.maxSessions]).toEqual([1, undefined]);
    expect(connector).toBe(connectSocket);
    expect({ maxSessions, type, signal }).toEqual({ maxSessions: 1, type: 'I', signal: undefined });
    expect(retry).toMatchObject({ attempts: 1, delayMs: 500, maxDelayMs: 30_000 });
    expect([connectIntervalMs, idleTimeoutMs]).toEqual([0, 0]);
  });

  it('shows the fixed ones in DEFAULTS, which cannot be changed', () => {
    expect(Object.isFrozen(DEFAULTS)).toBe(true);
    const { settings, maxSessions, retry, connectIntervalMs, idleTimeoutMs, type } = resolveOptions({ host });
    const onlyOfClients = { maxSessions, retry: retry.attempts > 1, connectIntervalMs, idleTimeoutMs };
    const fromCode = type === 'I' ? 'binary' : type;
    const known: Readonly<Record<string, unknown>> = {
      ...settings,
      ...onlyOfClients,
      type: fromCode,
      encoding: settings.codec.name,
    };
    for (const [name, value] of Object.entries(DEFAULTS)) expect({ [name]: known[name] }).toEqual({ [name]: value });
  });

  it.each([
    { retry: true, attempts: 5 },
    { retry: {}, attempts: 5 },
    { retry: { attempts: undefined }, attempts: 5 },
    { retry: { attempts: 2, delayMs: 0, maxDelayMs: 10 }, attempts: 2, delayMs: 0, maxDelayMs: 10 },
  ])('fills in the defaults of $retry', ({ retry, attempts, delayMs = 500, maxDelayMs = 30_000 }) => {
    expect(resolveOptions({ host, retry }).retry).toMatchObject({ attempts, delayMs, maxDelayMs });
  });

  it('takes an option given as undefined for one not given', () => {
    const names = Object.keys(refused).filter((name) => name !== 'host');
    const given = resolveOptions({ host, ...Object.fromEntries(names.map((name) => [name, undefined])) });
    const { password: _first, ...plain } = given.settings;
    const { password: _second, ...expected } = resolveOptions({ host }).settings;
    expect(plain).toEqual(expected);
  });

  it.each([
    { secure: false, port: 21 },
    { secure: 'explicit', port: 21 },
    { secure: 'implicit', port: 990 },
  ] as const)('goes to port $port with secure: $secure', ({ secure, port }) => {
    expect(resolveOptions({ host, secure }).settings.port).toBe(port);
    expect(resolveOptions({ host, secure, port: 2121 }).settings.port).toBe(2121);
  });

  it('has no password for a user but anonymous', async () => {
    expect(resolveOptions({ host, user: 'ann' }).settings.password()).toBe('');
    expect(resolveOptions({ host, user: 'ann', password: 'x' }).settings.password()).toBe('x');
    expect(await resolveOptions({ host, password: () => 'asked' }).settings.password()).toBe('asked');
  });

  it('is checked against a copy: what is changed afterwards has no effect', () => {
    const tls = { rejectUnauthorized: true };
    const options = { host, secure: 'explicit' as const, tls };
    const { settings } = resolveOptions(options);
    tls.rejectUnauthorized = false;
    options.host = 'elsewhere.example';
    expect(settings.tls.rejectUnauthorized).toBe(true);
    expect(settings.host).toBe(host);
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.tls)).toBe(true);
  });

  it.each(badValues)('refuses $name: $value and names the option', ({ name, value }) => {
    const secure = name === 'tls' ? 'explicit' : undefined;
    expect(refusal({ host, secure, [name]: value }).message).toContain(`option ${name} `);
  });

  it.each([
    { family: 6, host: '127.0.0.1', named: 'host' },
    { family: 4, host: '::1', named: 'host' },
    { family: 4, localAddress: '::1', named: 'localAddress' },
    { family: 6, host: '::1', localAddress: '127.0.0.1', named: 'localAddress' },
  ] as const)('refuses family $family with an address of the other, as $named', ({ named, ...options }) => {
    const { message } = refusal({ host, ...options });
    expect(message).toContain('option family ');
    expect(message).toContain(`${named} is an IPv`);
  });

  it.each([
    { family: 0, host: '127.0.0.1', localAddress: '127.0.0.2' },
    { family: 4, host: '127.0.0.1' },
    { family: 6, host: '::1', localAddress: '::1' },
    { family: 6, host: 'ftp.example.com' },
  ] as const)('takes family $family with host $host', (options) => {
    expect(resolveOptions(options).settings).toMatchObject(options);
  });

  it.each([undefined, null, 5, [], {}])('refuses %j instead of options', (options) => {
    refusal(options);
  });

  it.each([
    ['a certificate authority, which looks like TLS', { tls: { rejectUnauthorized: true } }],
    ['no TLS options in particular', { tls: {} }],
    ['the security of an ftp: URL', { ...parseFtpUrl('ftp://ftp.example.com/'), tls: { minVersion: 'TLSv1.2' } }],
    ['clear text, for a client', { secure: false, tls: { minVersion: 'TLSv1.2' } }],
  ])('refuses tls without secure, rather than send the password in clear: %s', (_what, options) => {
    const { message } = refusal({ host, ...options });
    expect(message).toContain("secure: 'explicit'");
    expect(message).toContain("'implicit'");
  });

  it('refuses tls without secure for connect$ too, unless it says that it begins in clear, for auth$', async () => {
    const tls = { minVersion: 'TLSv1.2' } as const;
    const refused = observe(connect$({ host, tls }));
    expect(await refused.failed).toBeInstanceOf(FtpUsageError);
    expect(resolveOptions({ host, secure: false, tls }, true).settings).toMatchObject({ secure: false, tls });
  });

  it('never shows a refused password', () => {
    const password = secret('hunter2-in-options\n');
    expect(refusal({ host, password }).message).not.toContain('hunter2');
  });

  it('errors on subscription when given to connect$', async () => {
    const bad$ = connect$({ host, port: 0 });
    expect(await observe(bad$).failed).toBeInstanceOf(FtpUsageError);
  });

  it.each([
    ['maxSessions', { maxSessions: 2 }],
    ['retry', { retry: true }],
    ['retry', { retry: { attempts: 2 } }],
    ['connectIntervalMs', { connectIntervalMs: 1000 }],
    ['idleTimeoutMs', { idleTimeoutMs: 1000 }],
  ])('refuses %s for connect$, which has one session: %j', async (name, option) => {
    const connector = vi.fn();
    const error = await observe(connect$({ host, connector, ...option })).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ message: expect.stringContaining(`${name} has no effect`) });
    expect(error).toMatchObject({ message: expect.stringContaining('use FtpClient') });
    expect(connector).not.toHaveBeenCalled();
  });

  it('takes defaults of a client for connect$, and what is undefined', () => {
    const undefinedOnes = { maxSessions: undefined, retry: undefined, connectIntervalMs: undefined };
    expect(() => resolveOptions({ ...DEFAULTS, host }, true)).not.toThrow();
    expect(() => resolveOptions({ ...undefinedOnes, host }, true)).not.toThrow();
  });

  it('has types that know what connect$ does not take', () => {
    const ofSession: FtpSessionOptions = { host, keepAliveMs: 5 };
    const ofClient: FtpOptions = { ...ofSession, maxSessions: 2 };
    // @ts-expect-error: of a client alone
    const wrong: FtpSessionOptions = { host, maxSessions: 2 };
    expect(() => resolveOptions(ofClient)).not.toThrow();
    expect(() => resolveOptions(wrong, true)).toThrow(FtpUsageError);
  });
});
