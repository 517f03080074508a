/** The phases of errors: each is provoked, and the docs list these and no others. That lib sets no other, the types see to. */
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../lib/client/resolve-options.js';
import { openSession } from '../../lib/control/open-session.js';
import { WantedState } from '../../lib/control/user-state.js';
import { FtpClient, type FtpConnectionPhase, type FtpOptions, type FtpTimeoutPhase } from '../../lib/index.js';
import { Canceller } from '../../lib/net/cancellation.js';
import { connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

const texts = await Promise.all(
  ['docs/errors.md', 'lib/errors.ts'].map((path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')),
);

/** Resolves with an error of the phase. */
type Way = () => Promise<unknown>;

const SOON = 400;

/** The error of `noop$` by a client with these options. */
async function failedNoop(options: Partial<FtpOptions>): Promise<unknown> {
  await using ftp = new FtpClient({ host: '127.0.0.1', ...options });
  return await observe(ftp.noop$()).failed;
}

/** The error of `noop$` at a scripted server. */
async function failedLogin(script: (server: ScriptedServer) => unknown, options: Partial<FtpOptions>) {
  await using server = await scriptedServer({ tls: 'explicit' });
  script(server);
  return await failedNoop({ port: server.port, ...options });
}

/** The error of what `run` subscribes on a session. */
async function failedOn(
  script: (server: ScriptedServer) => unknown,
  run: (at: Awaited<ReturnType<typeof connected>>) => Promise<unknown>,
  options: Partial<FtpOptions> = {},
): Promise<unknown> {
  await using at = await connected({ files: { '/a': 'abc' } }, options, script);
  return await run(at);
}

const silent = (): Duplex => new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });

async function ended(): Promise<Duplex> {
  const stream = silent();
  stream.push(null);
  return stream;
}

/** A login that is given up when the server is asked for a password. */
async function givenUpLogin(): Promise<unknown> {
  await using server = await scriptedServer({ users: { me: 'secret' } });
  server.answer('USER');
  const { settings } = resolveOptions({ host: server.host, port: server.port });
  const signal = new Canceller();
  let cause: unknown;
  const opened = openSession(
    {
      settings,
      wanted: new WantedState(false),
      onOpened: ({ channel }) => channel.closed$.subscribe((error) => (cause = error)),
    },
    signal,
  );
  await server.received('USER');
  signal.abort();
  await opened.catch(() => undefined);
  return cause;
}

/** What `state$` says of the end. */
async function closedBy(
  run: (at: Awaited<ReturnType<typeof connected>>) => unknown,
  script = (_: ScriptedServer) => {},
) {
  return failedOn(
    script,
    async (at) => {
      await run(at);
      return ((await at.state.settled).at(-1) as { cause?: unknown }).cause;
    },
    { abortTimeoutMs: SOON },
  );
}

const CONNECTION: Readonly<Record<FtpConnectionPhase, Way>> = {
  connect: () => failedNoop({ port: 1 }),
  tls: () =>
    failedLogin(
      (server) =>
        server.on('AUTH', async (session) => {
          await session.reply('234 Go on.');
          await session.closeControl('fin');
        }),
      { secure: 'explicit' },
    ),
  greeting: () => failedNoop({ connector: ended }),
  login: givenUpLogin,
  idle: () =>
    failedOn(
      () => {},
      async ({ server, connection }) => {
        await server.sessions[0]?.closeControl('fin');
        return connection.failed;
      },
    ),
  queued: () =>
    failedOn(
      (server) => server.on('CWD', (session) => session.closeControl('rst')),
      async ({ ftp }) => {
        const first = observe(ftp.cwd$('/'));
        const second = observe(ftp.pwd$());
        await first.failed;
        return second.failed;
      },
    ),
  command: () =>
    failedOn(
      (server) => server.on('CWD', (session) => session.closeControl('rst')),
      ({ ftp }) => observe(ftp.cwd$('/')).failed,
    ),
  transfer: () =>
    failedOn(
      (server) => server.on('RETR', (session) => session.closeControl('rst')),
      ({ ftp }) => observe(ftp.retr$('/a')).failed,
    ),
  abort: () =>
    failedOn(
      (server) => server.once('RETR', (session) => session.reply('150 Here.')),
      async ({ ftp, server }) => {
        const download = observe(ftp.retr$('/a'));
        await server.event('reply', { where: ({ text }) => text.startsWith('150') });
        await observe(ftp.abor$()).settled;
        return ((await download.failed) as Error).cause;
      },
    ),
  close: () => closedBy(({ connection }) => connection.unsubscribe()),
};

const TIMEOUT: Readonly<Record<FtpTimeoutPhase, Way>> = {
  connect: () => failedNoop({ connector: () => new Promise(() => {}), connectTimeoutMs: SOON }),
  greeting: () => failedNoop({ connector: async () => silent(), replyTimeoutMs: SOON }),
  login: async () => {
    await using server = await scriptedServer();
    const { host, port } = server;
    const limits = { password: () => new Promise<string>(() => {}), connectTimeoutMs: 500 };
    await using ftp = new FtpClient({ host, port, user: 'me', ...limits });
    return await observe(ftp.noop$()).failed;
  },
  reply: () =>
    failedOn(
      (server) => server.answer('CWD'),
      ({ ftp }) => observe(ftp.cwd$('/')).failed,
      { replyTimeoutMs: SOON },
    ),
  data: () =>
    failedOn(
      (server) => server.on('RETR', (session) => session.reply('150 Here.')),
      ({ ftp }) => observe(ftp.retr$('/a')).failed,
      { stallTimeoutMs: SOON },
    ),
  abort: () =>
    closedBy(
      async ({ ftp, server }) => {
        const running = observe(ftp.cwd$('/'));
        await server.received('CWD');
        running.unsubscribe();
      },
      (server) => server.answer('CWD'),
    ),
  close: () =>
    closedBy(
      ({ connection }) => connection.unsubscribe(),
      (server) => server.answer('QUIT'),
    ),
};

const CLASSES = [
  { name: 'FtpConnectionError', ways: CONNECTION, type: 'FtpConnectionPhase' },
  { name: 'FtpTimeoutError', ways: TIMEOUT, type: 'FtpTimeoutPhase' },
] as const;

const rows = CLASSES.flatMap(({ name, ways }) =>
  Object.entries(ways).map(([phase, way]): [string, string, Way] => [name, phase, way]),
);

describe('the phase of an error', () => {
  it.each(rows)('of the class %s may be %s', async (name, phase, way) => {
    expect(await way()).toMatchObject({ name, phase });
  });

  it.each(CLASSES)('of the class $name has its list in the docs', ({ name, ways, type }) => {
    const [page = '', source = ''] = texts;
    const cells = [...page.matchAll(new RegExp(`^\\| \`${name}\` \\| ([^|]*)`, 'gm'))].map(([, cell]) => cell).join();
    const [, inSource = ''] =
      new RegExp(`/\\*\\*((?:(?!\\*/).)*)\\*/\\s*export type ${type} =`, 's').exec(source) ?? [];
    expect([...cells.matchAll(/`(\w+)`/g)].map(([, phase]) => phase)).toEqual(Object.keys(ways));
    expect([...inSource.matchAll(/^ \* - `(\w+)`: \S/gm)].map(([, phase]) => phase)).toEqual(Object.keys(ways));
  });

  it.each(['421 Too many connections.', '220-Text before\r\nit ends'])('is greeting behind %j', async (greeting) => {
    await using server = await scriptedServer({
      greeting: async (session) => {
        await session.replyRaw(`${greeting}\r\n`);
        await session.closeControl('fin');
      },
    });
    expect(await failedNoop({ port: server.port })).toMatchObject({ name: 'FtpConnectionError', phase: 'greeting' });
  });
});
