/** The next transfer's EPSV at the end of the present one's data: who uses it, who loses it, and when it is not sent. */
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { FtpOperations } from '../../lib/client/ftp-operations.js';
import { FtpConnectionError, FtpTransferError } from '../../lib/errors.js';
import { type Connector, connectSocket } from '../../lib/net/connector.js';
import type { TransferProgress } from '../../lib/streams/progress-meter.js';
import { clientOf, sessionOf } from '../client/support/open.js';
import { type ClientOptions, Latch } from '../control/support/connected.js';
import { type Observation, observe } from '../support/observe.js';
import { arrivals } from '../support/scripted/arrivals.js';
import {
  type Handler,
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
} from '../support/scripted-server.js';
import { secureClient } from '../tls/support/secure-client.js';

const known = { greeting: '220 (vsFTPd 3.0.3)' };
const files = { '/a': 'content of a', '/b': 'content of b', '/c': 'content of c', '/dir/': '' };

/** A server whose first RETR has sent its data, and waits for the spec to send its final reply. */
interface Stage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: FtpOperations;
  /** Sends the final reply of the first transfer. */
  final(reply?: string): void;
  /** What the server was told since the login, but for TYPE. */
  readonly commands: string[];
}

interface StageOptions {
  readonly options?: ScriptedServerOptions;
  readonly client?: ClientOptions;
  readonly kind?: 'session' | 'client';
  readonly script?: (server: ScriptedServer) => void;
}

async function stage({ options = known, client = {}, kind = 'session', script }: StageOptions = {}): Promise<Stage> {
  const server = await scriptedServer({ files, ...options });
  const latch = new Latch();
  let reply = '226 Done.';
  const final = (text = '226 Done.'): void => {
    reply = text;
    latch.open();
  };
  server.once('RETR', async (session, path) => {
    await session.data();
    await session.reply('150 Here it comes.');
    await session.sendData(files[path as '/a']);
    session.link = undefined;
    await latch.opened;
    await session.reply(reply);
  });
  script?.(server);
  const opened = kind === 'session' ? await sessionOf(server, client) : clientOf(server, client);
  const dispose = async (): Promise<void> => {
    latch.open();
    await opened[Symbol.asyncDispose]();
    await server.close();
  };
  return {
    server,
    ftp: 'ftp' in opened ? opened.ftp : opened,
    final,
    get commands() {
      return server.commands.filter((line) => !/^(USER|PASS|FEAT|OPTS|QUIT|TYPE)\b/.test(line));
    },
    [Symbol.asyncDispose]: dispose,
  };
}

const fetched = (ftp: FtpOperations, path: string): Observation<Uint8Array> =>
  observe(ftp.retr$(path), { name: `retr$ ${path}` });
const text = async (download: Observation<Uint8Array>): Promise<string> =>
  Buffer.concat(await download.settled).toString();

/** The data of the `nth` transfer is over at both ends, and all that the client sends because of that has arrived. */
async function dataOver({ server }: Stage, nth = 1): Promise<void> {
  await server.event('data-ended', { nth });
  await arrivals();
}

/** The session is in step, and moves files as always. */
async function expectInStep({ ftp }: Stage): Promise<void> {
  expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  expect(await text(fetched(ftp, '/c'))).toBe('content of c');
}

/** The second EPSV, the early one, is answered by `handler`. */
const earlyAnswer =
  (handler: Handler) =>
  (server: ScriptedServer): void =>
    void server.once('EPSV', (_session, _argument, command) => command.byDefault()).once('EPSV', handler);

/** Makes the second data connection, the one to the early port, in its own way. */
function secondBy(second: Connector): { connector: Connector; connections: () => number } {
  let connections = 0;
  const connector: Connector = (endpoint, signal) => {
    if (endpoint.channel === 'control') return connectSocket(endpoint, signal);
    connections += 1;
    return (connections === 2 ? second : connectSocket)(endpoint, signal);
  };
  return { connector, connections: () => connections };
}

describe('the next port', () => {
  it.each([
    ['session', 'whole'],
    ['session', 'bytes'],
    ['client', 'whole'],
    ['client', 'bytes'],
  ] as const)('is asked for before the final reply, and used (%s, %s)', async (kind, chunking) => {
    await using at = await stage({ kind, options: { ...known, chunking } });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    expect(a.end).toBeUndefined();
    at.final();
    expect([await text(a), await text(b)]).toEqual(['content of a', 'content of b']);
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'RETR /b']);
    await expectInStep(at);
  });

  it('is asked for once for each of many transfers in a row', async () => {
    await using at = await stage();
    at.final();
    const all = Array.from({ length: 12 }, (_, n) => fetched(at.ftp, `/${'abc'.charAt(n % 3)}`));
    for (const [n, download] of all.entries()) expect(await text(download)).toBe(`content of ${'abc'.charAt(n % 3)}`);
    expect(at.commands.filter((line) => line === 'EPSV')).toHaveLength(12);
  });

  it('is used by a listing, and by an upload', async () => {
    await using at = await stage();
    const a = fetched(at.ftp, '/a');
    const list = observe(at.ftp.nlst$('/'));
    const up = observe(at.ftp.stor$('/up', 'sent'));
    await at.server.received('EPSV', 2);
    at.final();
    await text(a);
    expect(await list.settled).toHaveLength(4);
    expect((await up.settled).at(-1)).toMatchObject({ bytes: 4, done: true });
    expect(at.server.tree.text('/up')).toBe('sent');
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'NLST /', 'EPSV', 'STOR /up']);
  });

  it('is used over TLS', async () => {
    await using server = await scriptedServer({ files, ...known, tls: 'explicit' });
    await using ftp = secureClient(server);
    const all = ['/a', '/b', '/c', '/a'].map((path) => fetched(ftp, path));
    expect(await Promise.all(all.map(text))).toEqual(['a', 'b', 'c', 'a'].map((name) => `content of ${name}`));
    expect(server.commands.filter((line) => line === 'EPSV')).toHaveLength(4);
  });
});

describe('no port is asked for early', () => {
  const waits: Readonly<Record<string, (ftp: FtpOperations) => Observation<unknown> | undefined>> = {
    nobody: () => undefined,
    'a plain command': (ftp) => observe<unknown>(ftp.mdtm$('/b')),
    'an exclusive command': (ftp) => observe<unknown>(ftp.pwd$()),
  };
  it.each(
    Object.keys(waits).flatMap((who) => (['session', 'client'] as const).map((kind) => [who, kind] as const)),
  )('where %s waits (%s)', async (who, kind) => {
    await using at = await stage({ kind });
    const a = fetched(at.ftp, '/a');
    const next = waits[who]?.(at.ftp);
    const behind = next === undefined ? undefined : fetched(at.ftp, '/b');
    await dataOver(at);
    expect(at.commands).toEqual(['EPSV', 'RETR /a']);
    at.final();
    await text(a);
    await next?.settled;
    if (behind !== undefined) expect(await text(behind)).toBe('content of b');
  });

  const others: Readonly<Record<string, StageOptions>> = {
    'a server that is not known': { options: { greeting: '220 Ready' } },
    'a server that was seen to drop the port (pyftpdlib)': { options: { greeting: '220 pyftpdlib 1.5.7 ready.' } },
    'a session that uses PASV': { script: (server) => server.answer('EPSV', '500 Unknown.') },
    'active mode': { client: { mode: 'active' } },
  };
  it.each(Object.keys(others))('on %s', async (which) => {
    await using at = await stage(others[which]);
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await dataOver(at);
    expect(at.commands.at(-1)).toBe('RETR /a');
    at.final();
    expect([await text(a), await text(b)]).toEqual(['content of a', 'content of b']);
    await expectInStep(at);
  });

  it('when the final reply is in before the data has ended', async () => {
    await using at = await stage();
    at.final();
    await text(fetched(at.ftp, '/a'));
    at.server.once('RETR', async (session, path) => {
      await session.data();
      const done = firstValueFrom(at.ftp.reply$.pipe(filter(({ code }) => code === 226)));
      await session.reply('150 Here it comes.', '226 Done.');
      await done;
      await session.sendData(files[path as '/b']);
      session.link = undefined;
    });
    const [b, c] = [fetched(at.ftp, '/b'), fetched(at.ftp, '/c')];
    expect([await text(b), await text(c)]).toEqual(['content of b', 'content of c']);
    const told = at.server.events.flatMap((event) =>
      event.kind === 'command' ? [event.verb] : event.kind === 'reply' ? [event.text.slice(0, 3)] : [],
    );
    expect(told.slice(-8)).toEqual(['RETR', '150', '226', 'EPSV', '229', 'RETR', '150', '226']);
  });
});

describe('the first sign of trouble', () => {
  it.each(['450 Busy.', '500 Not now.'])('a refusal (%s): asked for again, and never early again', async (refusal) => {
    await using at = await stage({ script: earlyAnswer((session) => session.reply(refusal)) });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    const late = new Latch();
    at.server.once('RETR', async (session, path, command) => {
      if (path === '/b') {
        await session.data();
        await session.reply('150 Here it comes.');
        await session.sendData(files['/b']);
        await late.opened;
        await session.reply('226 Done.');
      } else await command.byDefault();
    });
    const c = fetched(at.ftp, '/c');
    at.final();
    expect(await text(a)).toBe('content of a');
    await dataOver(at, 2);
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'EPSV', 'RETR /b']);
    late.open();
    expect([await text(b), await text(c)]).toEqual(['content of b', 'content of c']);
    expect(at.commands.slice(-2)).toEqual(['EPSV', 'RETR /c']);
  });

  it('a port that does not answer: asked for again, and never early again', async () => {
    const refused: Connector = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const { connector, connections } = secondBy(refused);
    await using at = await stage({ client: { connector } });
    const [a, b, c] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b'), fetched(at.ftp, '/c')];
    await at.server.received('EPSV', 2);
    at.final();
    expect([await text(a), await text(b), await text(c)]).toEqual(['a', 'b', 'c'].map((name) => `content of ${name}`));
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'EPSV', 'RETR /b', 'EPSV', 'RETR /c']);
    expect(connections()).toBe(4);
    await expectInStep(at);
  });

  it('a connection that is lost: the one under way fails, the next one gets another', async () => {
    await using at = await stage({ kind: 'client' });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    void at.server.sessions[0]?.closeControl('rst');
    expect(await a.failed).toBeInstanceOf(FtpConnectionError);
    expect(await text(b)).toBe('content of b');
    expect(at.server.sessions).toHaveLength(2);
  });
});

describe('a present transfer that fails after the next port was asked for', () => {
  it.each(['whole', 'bytes'] as const)('still fails, and the next one works (%s)', async (chunking) => {
    await using at = await stage({ options: { ...known, chunking } });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    at.final('426 The disk failed at the last byte.');
    const error = await a.failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ reply: { code: 426 }, bytes: 12, command: 'RETR /a' });
    expect(await text(b)).toBe('content of b');
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'RETR /b']);
    await expectInStep(at);
  });
});

describe('a port that was asked for', () => {
  it('is dropped when a command runs first, since the transfer that waited has left', async () => {
    await using at = await stage();
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    b.unsubscribe();
    const pwd = observe(at.ftp.pwd$());
    const c = fetched(at.ftp, '/c');
    at.final();
    await text(a);
    expect(await pwd.settled).toEqual(['/']);
    expect(await text(c)).toBe('content of c');
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'PWD', 'EPSV', 'RETR /c']);
  });

  it.each([
    ['is kept for whoever comes soon', 1_900, 'session', 2],
    ['is kept for whoever comes soon', 1_900, 'client', 2],
    ['is dropped when nobody comes for it', 2_100, 'session', 3],
    ['is dropped when nobody comes for it', 2_100, 'client', 3],
  ] as const)('%s (after %i ms, %s)', async (_what, laterMs, kind, ports) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await using at = await stage({ kind });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    b.unsubscribe();
    at.final();
    await text(a);
    vi.advanceTimersByTime(laterMs);
    expect(await text(fetched(at.ftp, '/b'))).toBe('content of b');
    expect(at.commands.filter((line) => line === 'EPSV')).toHaveLength(ports);
    expect(at.commands.filter((line) => line.startsWith('RETR'))).toEqual(['RETR /a', 'RETR /b']);
  });

  it('goes to the next in line when the one who waited has left', async () => {
    await using at = await stage();
    const [a, b, c] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b'), fetched(at.ftp, '/c')];
    await at.server.received('EPSV', 2);
    b.unsubscribe();
    at.final();
    expect([await text(a), await text(c)]).toEqual(['content of a', 'content of c']);
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'RETR /c']);
  });

  it('is lost with whoever leaves between his turn and the connection', async () => {
    const reached = new Latch();
    const { connector } = secondBy((_endpoint, signal) => {
      reached.open();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await using at = await stage({ client: { connector } });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    at.final();
    await text(a);
    await reached.opened;
    b.unsubscribe();
    await expectInStep(at);
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'PWD', 'EPSV', 'RETR /c']);
  });

  it('is lost with whoever leaves while its reply is under way', async () => {
    const go = new Latch();
    const slow: Handler = async (_session, _argument, command) => {
      await go.opened;
      await command.byDefault();
    };
    await using at = await stage({ script: earlyAnswer(slow) });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    at.final();
    await text(a);
    b.unsubscribe();
    go.open();
    await expectInStep(at);
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'PWD', 'EPSV', 'RETR /c']);
  });
});

describe('leaving the present transfer between its data and its final reply', () => {
  it.each(['226 Done.', '426 Broken.'])('just waits for that reply (%s); the next one uses the port', async (reply) => {
    await using at = await stage();
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    a.unsubscribe();
    at.final(reply);
    expect(await text(b)).toBe('content of b');
    expect(at.commands).toEqual(['EPSV', 'RETR /a', 'EPSV', 'RETR /b']);
    await expectInStep(at);
  });

  it.each(['session', 'client'] as const)('gives the connection up when it does not come (%s)', async (kind) => {
    await using at = await stage({ kind });
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    a.unsubscribe();
    // Not by ABOR: its replies and the port's could not be told apart.
    await at.server.event('control-ended');
    expect(at.commands.slice(0, 3)).toEqual(['EPSV', 'RETR /a', 'EPSV']);
    expect(at.commands).not.toContain('ABOR');
    if (kind === 'session') {
      const error = await b.failed;
      expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'queued' });
      expect(error).toMatchObject({ cause: { phase: 'abort', command: 'RETR /a' } });
    } else {
      expect(await text(b)).toBe('content of b');
      expect(at.server.sessions).toHaveLength(2);
    }
    // The server gets to the early EPSV only now, and must have a listener to close.
    at.final();
    await at.server.event('data-listening', { nth: 2, where: ({ session }) => session === 1 });
  });

  it('together with the next one leaves the session in step', async () => {
    await using at = await stage();
    const [a, b] = [fetched(at.ftp, '/a'), fetched(at.ftp, '/b')];
    await at.server.received('EPSV', 2);
    a.unsubscribe();
    b.unsubscribe();
    at.final();
    await expectInStep(at);
    expect(at.server.sessions).toHaveLength(1);
  });
});

describe('the next port behind an upload', () => {
  const stored = (ftp: FtpOperations, path: string): Observation<TransferProgress> =>
    observe(ftp.stor$(path, Buffer.from(`new ${path}`)), { name: `stor$ ${path}` });

  /** The first STOR has read all of its data, and waits for the spec to send its final reply. */
  async function storing(greeting = known.greeting, more: StageOptions = {}): Promise<Stage> {
    const latch = new Latch();
    let reply = '226 Done.';
    const at = await stage({
      options: { greeting },
      ...more,
      script: (server) => {
        server.once('STOR', async (session, path) => {
          const link = await session.data();
          await session.reply('150 Go on.');
          const chunks: Buffer[] = [];
          for await (const chunk of link) chunks.push(chunk as Buffer);
          server.tree.write(path, Buffer.concat(chunks));
          session.link = undefined;
          await latch.opened;
          await session.reply(reply);
        });
        more.script?.(server);
      },
    });
    // Its downloads are not held.
    at.final();
    return {
      ...at,
      get commands() {
        return at.commands;
      },
      final(text = '226 Done.') {
        reply = text;
        latch.open();
      },
      async [Symbol.asyncDispose]() {
        latch.open();
        await at[Symbol.asyncDispose]();
      },
    };
  }

  it('is asked for when all bytes have been sent, on a server that reads no command before', async () => {
    await using at = await storing();
    const uploads = ['/u', '/v'].map((path) => stored(at.ftp, path));
    await at.server.received('EPSV', 2);
    expect(at.commands).toEqual(['EPSV', 'STOR /u', 'EPSV']);
    at.final();
    for (const { settled } of uploads) await settled;
    expect(at.commands).toEqual(['EPSV', 'STOR /u', 'EPSV', 'STOR /v']);
    expect([at.server.tree.text('/u'), at.server.tree.text('/v')]).toEqual(['new /u', 'new /v']);
    await expectInStep(at);
  });

  it.each([
    '220 ProFTPD Server',
    '220 Welcome to Pure-FTPd',
    '220 Hello.',
  ])('is asked for in its turn elsewhere (%s)', async (greeting) => {
    await using at = await storing(greeting);
    const uploads = ['/u', '/v'].map((path) => stored(at.ftp, path));
    await at.server.received('STOR', 1);
    await arrivals();
    expect(at.commands).toEqual(['EPSV', 'STOR /u']);
    at.final();
    for (const { settled } of uploads) await settled;
    await expectInStep(at);
  });

  it('costs an upload that is left then no session: its final reply is awaited', async () => {
    await using at = await storing(known.greeting, { kind: 'client' });
    const left = stored(at.ftp, '/u');
    const next = stored(at.ftp, '/v');
    await at.server.received('EPSV', 2);
    left.unsubscribe();
    await arrivals();
    at.final();
    await next.settled;
    expect(at.commands).toEqual(['EPSV', 'STOR /u', 'EPSV', 'STOR /v']);
    expect(at.server.sessions).toHaveLength(1);
    await expectInStep(at);
  });

  it('is doubted where the upload is refused behind it, and never asked for early again', async () => {
    await using at = await storing();
    const refused = stored(at.ftp, '/u');
    const others = ['/v', '/w'].map((path) => stored(at.ftp, path));
    await at.server.received('EPSV', 2);
    at.final('552 No space.');
    expect(await refused.failed).toMatchObject({ command: 'STOR /u' });
    for (const { settled } of others) await settled;
    expect(at.commands.slice(0, 4)).toEqual(['EPSV', 'STOR /u', 'EPSV', 'STOR /v']);
    expect(at.commands.slice(4)).toEqual(['EPSV', 'STOR /w']);
    await expectInStep(at);
  });
});
