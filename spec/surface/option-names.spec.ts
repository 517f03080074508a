/** Options that do not exist: each is an FtpUsageError that names the one that was probably meant, with nothing sent. */
import { runInNewContext } from 'node:vm';
import { NEVER, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  connect$,
  decodeText,
  FtpClient,
  type FtpOperations,
  FtpUsageError,
  facts,
  lines,
  listing,
  listingLines,
  progress,
  tapProgress,
  toReadable,
  toWeb,
} from '../../lib/index.js';
import { download$, upload$ } from '../../lib/recipes/index.js';
import { overhear, secret } from '../support/canary.js';
import { observe } from '../support/observe.js';

const host = 'ftp.example.com';

/** Throws what the constructor throws; a client that was made is a failed spec. */
function refusal(options: object): FtpUsageError {
  try {
    new FtpClient({ host, ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(FtpUsageError);
    return error as FtpUsageError;
  }
  throw new Error('the options were accepted');
}

describe('an option that a client does not have', () => {
  it.each([
    ['username', 'use user'],
    ['userName', 'use user'],
    ['pass', 'use password'],
    ['passwd', 'use password'],
    ['pwd', 'use password'],
    ['hostname', 'use host'],
    ['acct', 'use account'],
    ['dir', 'use directory'],
    ['vhost', 'use virtualHost'],
    ['lang', 'use language'],
    ['quote', 'use loginCommands'],
    ['clnt', 'use clientName'],
    ['source_address', 'use localAddress'],
    ['timeout', 'use connectTimeoutMs, replyTimeoutMs or stallTimeoutMs'],
    ['maxConnections', 'use maxSessions'],
    ['secureOptions', 'use tls'],
    ['ssl', 'use secure'],
    ['ca', 'use tls: { ca }'],
    ['rejectUnauthorized', 'use tls: { rejectUnauthorized }'],
    ['minVersion', 'use tls: { minVersion }'],
    ['url', 'parseFtpUrl(url)'],
    ['usr', 'did you mean user?'],
    ['passwort', 'did you mean password?'],
    ['hots', 'did you mean host?'],
    ['Port', 'did you mean port?'],
    ['replyTimeout', 'did you mean replyTimeoutMs?'],
    ['maxsessions', 'did you mean maxSessions?'],
    ['tsl', 'did you mean tls?'],
    ['somethingElse', 'The options are: host, port, user'],
  ])('is refused: %s (%s)', (name, advice) => {
    const { message } = refusal({ [name]: 'x' });
    expect(message).toContain(`no option ${name}`);
    expect(message).toContain(advice);
  });

  it('is refused before it is said that the host is missing', () => {
    expect(() => new FtpClient({ hostname: host } as never)).toThrow('no option hostname: use host.');
  });

  it('is refused also as undefined, as a variable that is not set gives it', () => {
    expect(refusal({ username: undefined }).message).toContain('use user');
  });

  it('is not taken from what every object has', () => {
    expect(refusal({ constructor: 'x' }).message).toContain('no option constructor');
    expect(refusal({ toString: 'x' }).message).toContain('no option toString');
  });

  it('errors on subscription when given to connect$', async () => {
    const session$ = connect$({ host, username: 'x' } as never);
    expect(await observe(session$).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
  });

  it('is named without its value, and with control characters escaped', () => {
    const pass = secret('canary-in-pass');
    overhear('the message', refusal({ pass }).message);
    expect(refusal({ 'a\nb': 1 }).message).toContain('no option a\\x0ab');
  });
});

describe('a name that an option does not have among its parts', () => {
  it.each([
    ['tls', 'fingerprint', 'use fingerprint256.'],
    ['tls', 'sha256', 'use fingerprint256.'],
    ['tls', 'caFile', 'use ca, with the content of the file.'],
    ['tls', 'ca_file', 'use ca, with the content of the file.'],
    ['tls', 'keyFile', 'use key, with the content of the file.'],
    ['tls', 'insecure', 'use rejectUnauthorized: false.'],
    ['tls', 'rejectUnauthorised', 'did you mean rejectUnauthorized?'],
    ['tls', 'serverName', 'did you mean servername?'],
    ['tls', 'minTlsVersion', 'did you mean minVersion?'],
    ['tls', 'host', 'use host and port beside tls'],
    ['tls', 'socket', 'use connector beside tls.'],
    ['tls', 'timeout', 'use connectTimeoutMs beside tls.'],
    ['tls', 'somethingElse', 'Its parts are: fingerprint256, rejectUnauthorized'],
    ['retry', 'times', 'use attempts.'],
    ['retry', 'retries', 'use attempts.'],
    ['retry', 'delay', 'use delayMs.'],
    ['retry', 'maxDelayMS', 'did you mean maxDelayMs?'],
    ['retry', 'somethingElse', 'Its parts are: attempts, delayMs, maxDelayMs, when.'],
    ['minRate', 'speed', 'use bytesPerSecond.'],
    ['minRate', 'overms', 'did you mean overMs?'],
    ['minRate', 'somethingElse', 'Its parts are: bytesPerSecond, overMs.'],
  ])('is refused: %s: { %s } (%s)', (option, name, advice) => {
    const { message } = refusal({ secure: 'explicit', [option]: { [name]: 'x' } });
    expect(message).toContain(`The option ${option} has no part ${name}`);
    expect(message).toContain(advice);
  });

  it('is refused also as undefined, and also beside good ones', () => {
    const tls = { rejectUnauthorized: true, fingerprint: undefined };
    expect(refusal({ secure: 'explicit', tls }).message).toContain('use fingerprint256');
  });

  it('is not taken from what every object has', () => {
    for (const option of ['tls', 'retry', 'minRate']) {
      expect(refusal({ secure: 'explicit', [option]: { toString: 'x' } }).message).toContain('no part toString');
    }
  });

  it('is refused in the minRate of one transfer too, with nothing sent', async () => {
    const connector = async (): Promise<never> => {
      throw new Error('connected');
    };
    await using ftp = new FtpClient({ host, connector });
    const error = await observe(ftp.retr$('a', { minRate: { speed: 5, overMs: 5 } as never })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining('use bytesPerSecond.') });
  });

  it('is named without its value, and with control characters escaped', () => {
    const fingerprint = secret('canary-in-fingerprint');
    overhear('the message', refusal({ secure: 'explicit', tls: { fingerprint } }).message);
    expect(refusal({ secure: 'explicit', tls: { 'a\nb': 1 } }).message).toContain('no part a\\x0ab');
  });
});

type Call = (ftp: FtpOperations, options: never) => Observable<unknown>;

const operations: readonly [name: string, unknown: string, advice: string, call: Call][] = [
  ['retr$', 'offset', 'use start', (ftp, options) => ftp.retr$('a', options)],
  ['retr$', 'ned', 'did you mean end?', (ftp, options) => ftp.retr$('a', options)],
  ['retr$', 'pause', 'did you mean pause$?', (ftp, options) => ftp.retr$('a', options)],
  ['retr$', 'onProgress', 'use the operator progress', (ftp, options) => ftp.retr$('a', options)],
  ['retr$', 'deletePartial', 'The options are: start, end', (ftp, options) => ftp.retr$('a', options)],
  ['stor$', 'verfy', 'did you mean verify?', (ftp, options) => ftp.stor$('a', 'x', options)],
  ['stor$', 'delete_partial', 'did you mean deletePartial?', (ftp, options) => ftp.stor$('a', 'x', options)],
  ['list$', 'flags', 'use args', (ftp, options) => ftp.list$('a', options)],
  ['nlst$', 'arg', 'did you mean args?', (ftp, options) => ftp.nlst$('a', options)],
  ['mlsd$', 'fact', 'did you mean facts?', (ftp, options) => ftp.mlsd$('a', options)],
  ['retrLines$', 'pause', 'did you mean pause$?', (ftp, options) => ftp.retrLines$('a', options)],
  ['storLines$', 'delete_partial', 'deletePartial?', (ftp, options) => ftp.storLines$('a', ['x'], options)],
  ['retrLines$', 'start', 'The options are: pause$', (ftp, options) => ftp.retrLines$('a', options)],
  ['retrLines$', 'type', 'The options are: pause$', (ftp, options) => ftp.retrLines$('a', options)],
  ['storLines$', 'start', 'The options are: signal', (ftp, options) => ftp.storLines$('a', ['x'], options)],
  ['storLines$', 'verify', 'The options are: signal', (ftp, options) => ftp.storLines$('a', ['x'], options)],
  ['storLines$', 'offset', 'The options are: signal', (ftp, options) => ftp.storLines$('a', ['x'], options)],
  ['appe$', 'offset', 'The options are: type', (ftp, options) => ftp.appe$('a', 'x', options)],
  ['size$', 'sginal', 'did you mean signal?', (ftp, options) => ftp.size$('a', options)],
  ['pwd$', 'abortSignal', 'use signal', (ftp, options) => ftp.pwd$(options)],
  ['send$', 'expect', 'The options are: signal', (ftp, options) => ftp.send$('NOOP', options)],
  ['transfer$', 'rest', 'use start', (ftp, options) => ftp.transfer$('RETR a', options)],
  ['exchange$', 'expects', 'did you mean expect?', (ftp, options) => ftp.exchange$('NOOP', options)],
  ['download$', 'interval', 'The options are: end, type', (ftp, options) => download$(ftp, 'a', '/nowhere/a', options)],
  ['download$', 'offset', 'The options are: end, type', (ftp, options) => download$(ftp, 'a', '/nowhere/a', options)],
  ['stou$', 'start', 'The options are: type', (ftp, options) => ftp.stou$('x', 'a', options)],
  ['download$', 'progressInterval', 'progressIntervalMs?', (ftp, options) => download$(ftp, 'a', '/no/a', options)],
  ['upload$', 'offset', 'use start', (ftp, options) => upload$(ftp, '/dev/null', 'a', options)],
];

describe('an option that an operation does not have', () => {
  /** A client that would fail in another way if it connected. */
  const unconnected = (): FtpClient => {
    const connector = async (): Promise<never> => {
      throw new Error('connected');
    };
    return new FtpClient({ host, connector });
  };

  it.each(operations)('is refused by %s: %s (%s)', async (_name, unknown, advice, call) => {
    await using ftp = unconnected();
    const error = await observe(call(ftp, { [unknown]: 1 } as never)).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ message: expect.stringContaining(advice) });
  });

  it.each(
    operations,
  )('is refused by %s, as something else than an object is', async (_name, _unknown, _advice, call) => {
    await using ftp = unconnected();
    for (const options of [null, 5, '-a', AbortSignal.abort(), new AbortController(), new Map(), [], new Date()]) {
      const error = await observe(call(ftp, options as never)).failed;
      expect(error).toBeInstanceOf(FtpUsageError);
      expect(error).toMatchObject({ message: expect.stringMatching(/^The options must be an object like \{ \w/) });
    }
  });

  it.each(
    operations,
  )('is looked for by %s in an instance of a class, and in an object without a prototype', async (_name, unknown, advice, call) => {
    await using ftp = unconnected();
    class Options {
      readonly [unknown] = 1;
    }
    for (const options of [new Options(), Object.assign(Object.create(null), new Options())]) {
      const error = await observe(call(ftp, options as never)).failed;
      expect(error).toMatchObject({ message: expect.stringContaining(advice) });
    }
  });

  it('is not missed in options of a class, or of another realm', async () => {
    await using ftp = unconnected();
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    class Options {
      readonly signal = signal;
    }
    const foreign = Object.assign(runInNewContext('({})'), { signal });
    for (const options of [new Options(), foreign]) expect(await observe(ftp.pwd$(options)).failed).toBe(reason);
  });
});

describe('an option of a transfer that is not what it may be', () => {
  it.each<[string, (ftp: FtpOperations, value: never) => Observable<unknown>]>([
    ['pause$', (ftp, pause$) => ftp.retr$('a', { pause$ })],
    ['pause$', (ftp, pause$) => ftp.retrLines$('a', { pause$ })],
    ['deletePartial', (ftp, deletePartial) => ftp.stor$('a', 'x', { deletePartial })],
    ['deletePartial', (ftp, deletePartial) => ftp.appe$('a', 'x', { deletePartial })],
    ['deletePartial', (ftp, deletePartial) => ftp.storLines$('a', ['x'], { deletePartial })],
  ])('is refused with nothing sent: %s', async (name, call) => {
    const connector = async (): Promise<never> => {
      throw new Error('connected');
    };
    await using ftp = new FtpClient({ host, connector });
    for (const value of [{}, 'yes', 1, null]) {
      const error = await observe(call(ftp, value as never)).failed;
      expect(error).toBeInstanceOf(FtpUsageError);
      expect(error).toMatchObject({ message: expect.stringContaining(`The option ${name} must be`) });
    }
    if (name === 'pause$') expect(await observe(call(ftp, true as never)).failed).toBeInstanceOf(FtpUsageError);
  });
});

describe('an option that an operator does not have', () => {
  const operators: readonly [name: string, open: (options: never) => unknown][] = [
    ['progress', (options) => progress(options)],
    ['tapProgress', (options) => tapProgress(() => {}, options)],
    ['decodeText', (options) => decodeText('utf8', options)],
    ['lines', (options) => lines(options)],
    ['listing', (options) => listing(options)],
    ['listingLines', (options) => listingLines(options)],
    ['facts', (options) => facts(options)],
    ['toReadable', (options) => toReadable(options)(NEVER)],
    ['toWeb', (options) => toWeb(options)(NEVER)],
  ];

  it.each(operators)('is refused at once by %s', (_name, open) => {
    expect(() => open({ nothingOfTheKind: 1 } as never)).toThrow(FtpUsageError);
    expect(() => open({ nothingOfTheKind: 1 } as never)).toThrow('no option nothingOfTheKind');
    expect(() => open(AbortSignal.abort() as never)).toThrow('The options must be an object like {');
  });
});
