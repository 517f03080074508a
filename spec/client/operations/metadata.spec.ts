import { filter, tap } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { PendingExchange } from '../../../lib/control/request.js';
import { FtpReplyError, FtpUnsupportedError, FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/a b': 'hello' };

/** The files of lib that are being called just now, without those that only await it. */
function filesInStack(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let files: string[] = [];
  Error.stackTraceLimit = 100;
  Error.prepareStackTrace = (_error, calls) => {
    files = calls.filter((call) => !call.isAsync()).map((call) => call.getFileName() ?? '');
    return '';
  };
  // V8 calls it when the stack is asked for.
  void new Error().stack;
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return files.flatMap((file) => /\/lib\/(?<path>(?:client|control|protocol|net)\/.+)/.exec(file)?.groups?.path ?? []);
}

describe('size$', () => {
  it('asks in TYPE I, which is set once', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/a b')).settled).toEqual([5]);
    expect(await observe(ftp.size$('/a b')).settled).toEqual([5]);
    expect(afterLogin(server)).toEqual(['TYPE I', 'SIZE /a b', 'SIZE /a b']);
  });

  it('hands the number through eight files, over one promise, and completes over a second', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.size$('/a b')).settled;
    // A file on the way calls the next one; those that are called and give something back, as the decoders do, are not on it.
    const way = new Set(['control/request.ts']);
    let turns = -1;
    const count = (): void => {
      turns += 1;
      if (turns < 10) void Promise.resolve().then(count);
    };
    using _replies = observe(ftp.reply$.pipe(tap(count)));
    const accept = vi.spyOn(PendingExchange.prototype, 'accept').mockImplementation(function (
      this: PendingExchange,
      ...args
    ) {
      accept.mockRestore();
      for (const file of filesInStack()) way.add(file);
      return this.accept(...args);
    });
    const told: string[] = [];
    const next = (size: number): void => {
      told.push(`${size} in turn ${turns}`);
      for (const file of filesInStack()) way.add(file);
    };
    const complete = (): void => void told.push(`the end in turn ${turns}`);
    await observe(ftp.size$('/a b').pipe(tap({ next, complete }))).settled;
    expect(told).toEqual(['5 in turn 1', 'the end in turn 2']);
    expect([...way].sort()).toEqual([
      'client/operations/metadata.ts',
      'client/operations/operation.ts',
      'control/control-channel.ts',
      'control/control-events.ts',
      'control/incoming.ts',
      'control/read-buffer.ts',
      'control/reply-line.ts',
      'control/request.ts',
    ]);
  });

  it('errors with the refusal', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/no')).failed).toMatchObject({ command: 'SIZE /no', reply: { code: 550 } });
  });

  it.each([
    '99999999999999999999',
    '9007199254740993',
    '-1',
    '1e3',
    '0x10',
    '5.5',
    '',
    'File status',
  ])('refuses the size %j (T-23)', async (size) => {
    await using server = await scriptedServer();
    server.answer('SIZE', `213 ${size}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.size$('/a')).failed).toBeInstanceOf(FtpReplyError);
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });
});

describe('mdtm$', () => {
  it('tells the time, in UTC', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.mdtm$('/a b')).settled).toEqual([new Date('2024-02-03T04:05:06.000Z')]);
    expect(await observe(ftp.mdtm$('/no')).failed).toBeInstanceOf(FtpReplyError);
  });

  it.each(['not a time', '20230229000000', '99999999999999', '2024'])('errors at 213 %j (T-21)', async (text) => {
    await using server = await scriptedServer();
    server.answer('MDTM', `213 ${text}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.mdtm$('/a')).failed).toBeInstanceOf(FtpReplyError);
  });
});

describe('avbl$', () => {
  it.each([
    ['213 5000000000', 5_000_000_000],
    ['213 0', 0],
    ['213 9007199254740991', Number.MAX_SAFE_INTEGER],
    ['213 Available: 5000', 5000],
    ['213 5000 bytes available on /2024', 5000],
    ['200 5000', 5000],
  ])('tells the bytes of %j', async (reply, bytes) => {
    await using server = await scriptedServer();
    server.answer('AVBL', reply);
    await using ftp = clientOf(server);
    expect(await observe(ftp.avbl$('/my dir')).settled).toEqual([bytes]);
    expect(server.commands).toContain('AVBL /my dir');
  });

  it.each([undefined, ''])('asks of the current directory without a path (%j)', async (path) => {
    await using server = await scriptedServer();
    server.answer('AVBL', '213 5');
    await using ftp = clientOf(server);
    expect(await observe(ftp.avbl$(path)).settled).toEqual([5]);
    expect(afterLogin(server)).toEqual(['AVBL']);
  });

  it.each([
    '9007199254740992',
    '99999999999999999999',
    '18446744073709551615 bytes',
    '-1',
    '5 GB',
    '5,000 bytes',
    '5 bytes of 9 bytes',
    'plenty',
    '',
  ])('errors at 213 %j, and the session goes on', async (text) => {
    await using server = await scriptedServer();
    server.answer('AVBL', `213 ${text}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.avbl$()).failed).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { class: 2 } });
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });

  it.each([500, 502])('is unsupported where AVBL is answered by %i, and is asked once', async (code) => {
    await using server = await scriptedServer();
    server.answer('AVBL', `${code} What?`);
    await using ftp = clientOf(server);
    const events = observe(ftp.events$.pipe(filter(({ type }) => type === 'fallback')));
    const first = await observe(ftp.avbl$('/a')).failed;
    expect(first).toBeInstanceOf(FtpUnsupportedError);
    expect(first).toBeInstanceOf(FtpUsageError);
    expect(first).toMatchObject({ command: 'AVBL /a', reply: { code }, outcome: 'refused', transient: false });
    const second = await observe(ftp.avbl$('/b')).failed;
    expect(second).toBeInstanceOf(FtpUnsupportedError);
    expect(second).toMatchObject({ command: 'AVBL /b', outcome: 'none' });
    expect(server.commands.filter((line) => line.startsWith('AVBL'))).toEqual(['AVBL /a']);
    expect(events.values).toMatchObject([{ what: 'AVBL', to: 'no other command', reply: { code } }]);
    events.unsubscribe();
  });

  it('errors with any other refusal, and is asked again', async () => {
    await using server = await scriptedServer();
    server.answer('AVBL', '550 No such directory.');
    await using ftp = clientOf(server);
    for (const _time of [1, 2]) {
      expect(await observe(ftp.avbl$('/no')).failed).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 550 } });
    }
  });

  it('drops the reply when it is left, and refuses a line end with nothing sent', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.avbl$('a\r\nDELE b')).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
    server.on('AVBL', (session) => {
      leaving.unsubscribe();
      return session.reply('213 5');
    });
    const leaving = observe(ftp.avbl$());
    await server.received('AVBL');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(leaving.values).toEqual([]);
  });
});
