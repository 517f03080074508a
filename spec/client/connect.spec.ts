import { firstValueFrom, switchMap, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { connect$ } from '../../lib/client/connect.js';
import { type Connector, FtpConnectionError, FtpReplyError, type FtpSession, FtpUsageError } from '../../lib/index.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { optionsFor, sessionOf } from './support/open.js';

describe('connect$', () => {
  it('is cold, emits one session when the login is done, and says QUIT when unsubscribed', async () => {
    await using server = await scriptedServer();
    const session$ = connect$(optionsFor(server));
    expect(server.sessions).toHaveLength(0);
    for (const round of [1, 2]) {
      const observation = observe(session$);
      await observation.nth(1);
      expect(server.commands.at(-1)).toBe('OPTS UTF8 ON');
      observation.unsubscribe();
      await server.event('control-closed', { nth: round });
      expect(server.commands.at(-1)).toBe('QUIT');
      expect(observation.values).toHaveLength(1);
    }
    expect(server.sessions).toHaveLength(2);
  });

  it('takes a URL, and goes to its directory', async () => {
    await using server = await scriptedServer({ files: { '/pub/a': '' } });
    const url = `ftp://ann:pw@${server.host}:${server.port}//pub`;
    const observation = observe(
      connect$(new URL(url)).pipe(
        switchMap((ftp) => ftp.pwd$()),
        take(1),
      ),
    );
    expect(await observation.settled).toEqual(['/pub']);
    expect(server.commands).toContain('USER ann');
    await server.event('control-closed');
  });

  it('gives a session with welcome and features', async () => {
    await using server = await scriptedServer({ greeting: '220-Hello,\r\nworld.\r\n220 Ready' });
    await using open = await sessionOf(server);
    expect(open.ftp.welcome).toBe('Hello,\nworld.\nReady');
    expect(open.ftp.features.has('mlst')).toBe(true);
  });

  it('corrects the features by what the server does', async () => {
    await using server = await scriptedServer({ files: { '/a': 'abc' } });
    server.features = ['SIZE', 'MDTM'];
    server.answer('MDTM', '502 Not here.').answer('AVBL', '213 5');
    await using open = await sessionOf(server);
    await observe(open.ftp.mdtm$('/a')).failed;
    await observe(open.ftp.send$('AVBL /')).settled;
    expect(open.ftp.features.names).toEqual(['SIZE', 'AVBL']);
  });

  it('still asks MLST of a server without FEAT whose SIZE has worked', async () => {
    await using server = await scriptedServer({ files: { '/a': 'abc' } });
    server.answer('FEAT', '502 What?').answer('CWD', '550 No.');
    await using open = await sessionOf(server);
    await observe(open.ftp.size$('/a')).settled;
    expect(open.ftp.features.names).toEqual(['SIZE']);
    expect(String(await observe(open.ftp.entries$('/a')).failed)).toMatch(/is a file/);
    expect(server.commands).toContain('MLST /a');
  });

  it('gives a session without features for a server without FEAT', async () => {
    await using server = await scriptedServer();
    server.answer('FEAT', '500 Unknown.');
    await using open = await sessionOf(server);
    expect(open.ftp.features.names).toEqual([]);
    expect(server.commands).not.toContain('OPTS UTF8 ON');
  });

  it('waits for a 220 after a 120, and skips the login after a 230', async () => {
    await using server = await scriptedServer({ greeting: ['120 In a minute.', '220 Ready'] });
    await using open = await sessionOf(server);
    expect(open.ftp.welcome).toBe('Ready');
    await using free = await scriptedServer({ greeting: '230 Come in.', login: false });
    await using second = await sessionOf(free);
    expect(await observe(second.ftp.pwd$()).settled).toEqual(['/']);
    expect(free.commands).toEqual(['FEAT', 'OPTS UTF8 ON', 'PWD']);
  });

  it('skips PASS when USER is enough, and ACCT after 202', async () => {
    await using server = await scriptedServer({ login: false });
    server.answer('USER', '230 Welcome.');
    await using open = await sessionOf(server);
    expect(open.ftp.features.has('SIZE')).toBe(true);
    expect(server.commands).toEqual(['USER anonymous', 'FEAT', 'OPTS UTF8 ON']);
  });

  it.each([
    ['greeting', '530 Go away.', 'the greeting'],
    ['greeting', '421 Busy.', undefined],
  ])('errors at a %s of %s', async (_what, greeting, command) => {
    await using server = await scriptedServer({ greeting });
    expect(await observe(connect$(optionsFor(server))).failed).toMatchObject({
      reply: { code: Number(greeting.slice(0, 3)) },
      ...(command === undefined ? {} : { command }),
    });
    await server.event('control-closed');
  });

  it.each([
    ['192.0.2.1', 'another machine'],
    ['::1', 'another family'],
  ])('names localAddress when that is %s, of %s', async (localAddress) => {
    await using server = await scriptedServer();
    const error = await observe(connect$(optionsFor(server, { localAddress }))).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'control', phase: 'connect' });
    expect(String(error)).toContain('Check the option localAddress');
    expect(server.sessions).toHaveLength(0);
  });

  it.each([
    false,
    true,
  ])('sends no PASS where the password function gives no string (pipelineLogin %s)', async (pipelineLogin) => {
    await using server = await scriptedServer({ users: { ann: 'pw' } });
    const password = (() => undefined) as unknown as () => string;
    const error = await observe(connect$(optionsFor(server, { user: 'ann', password, pipelineLogin }))).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toEqual([]);
  });

  it('errors with the refusal of a wrong password, and closes', async () => {
    const password = secret('not-the-password');
    await using server = await scriptedServer({ users: { ann: 'right' } });
    const error = await observe(connect$(optionsFor(server, { user: 'ann', password }))).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    await server.event('control-closed');
  });

  it.each(['USER', 'PASS', 'FEAT', 'OPTS'])('errors when the connection is lost at %s', async (verb) => {
    await using server = await scriptedServer();
    server.on(verb, (session) => session.closeControl());
    const error = await observe(connect$(optionsFor(server))).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', command: expect.stringContaining(verb) });
  });

  it('errors when the connection is lost later, and so does what runs', async () => {
    await using server = await scriptedServer();
    server.on('HELP', (session) => session.closeControl('rst'));
    const observation = observe(connect$(optionsFor(server)));
    const ftp = await observation.nth(1);
    const running = observe(ftp.help$());
    const waiting = observe(ftp.noop$());
    expect(await observation.failed).toBeInstanceOf(FtpConnectionError);
    expect(await running.failed).toMatchObject({ command: 'HELP' });
    expect(await waiting.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
    expect(await observe(ftp.noop$()).failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
    expect(server.commands.at(-1)).toBe('HELP');
  });

  it('sends nothing when it is unsubscribed before the greeting', async () => {
    await using server = await scriptedServer({ greeting: false });
    const observation = observe(connect$(optionsFor(server)));
    await server.event('connected');
    observation.unsubscribe();
    await server.event('control-closed');
    expect(server.commands).toEqual([]);
  });

  it('sends no more when it is unsubscribed during the login', async () => {
    await using server = await scriptedServer();
    server.on('PASS', () => undefined);
    const observation = observe(connect$(optionsFor(server)));
    await server.received('PASS');
    observation.unsubscribe();
    await server.event('control-closed');
    expect(server.commands).toEqual(['USER anonymous', 'PASS anonymous@']);
  });

  it('gives the attempt up when it is unsubscribed at once', () => {
    let signal: AbortSignal | undefined;
    const connector: Connector = (_endpoint, given) => {
      signal = given;
      return new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(given.reason)));
    };
    observe(connect$({ host: 'h.example', connector })).unsubscribe();
    expect(signal?.aborted).toBe(true);
  });

  it('closes a session at once that was awaited by firstValueFrom', async () => {
    await using server = await scriptedServer();
    const ftp = await firstValueFrom(connect$(optionsFor(server)));
    const error = await observe(ftp.pwd$()).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(String(error)).toContain('closed by this client');
    await server.event('control-closed');
    expect(server.commands).not.toContain('PWD');
  });

  it('errors with the reason of the option signal, during login and later', async () => {
    await using server = await scriptedServer();
    const reason = new Error('enough');
    const aborted = AbortSignal.abort(reason);
    expect(await observe(connect$(optionsFor(server, { signal: aborted }))).failed).toBe(reason);
    expect(server.sessions).toHaveLength(0);
    const aborting = new AbortController();
    const observation = observe(connect$(optionsFor(server, { signal: aborting.signal })));
    await observation.nth(1);
    aborting.abort(reason);
    expect(await observation.failed).toBe(reason);
    await server.event('control-closed');
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('ends what runs when it is unsubscribed, by ABOR for a transfer', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    const observation = observe(connect$(optionsFor(server)));
    const ftp = await observation.nth(1);
    const running = observe(ftp.retr$('/big'));
    await running.nth(1);
    observation.unsubscribe();
    expect(await running.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'close' });
    await server.event('control-closed');
    expect(server.commands.slice(-3)).toEqual(['ABOR', 'PWD', 'QUIT']);
  });
});

describe('a session', () => {
  it('runs one operation after the other', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const all = ['a', 'b'].map((topic) => observe(open.ftp.help$(topic)));
    expect(server.commands).not.toContain('HELP b');
    for (const { settled } of all) await settled;
    expect(server.commands.slice(-2)).toEqual(['HELP a', 'HELP b']);
  });

  it('has the directory, not a client: a relative CWD needs no PWD', async () => {
    await using server = await scriptedServer({ files: { '/dir/a': '' } });
    await using open = await sessionOf(server);
    await observe(open.ftp.cwd$('dir')).settled;
    expect(server.commands.at(-1)).toBe('CWD dir');
  });

  it('tells its state, its replies and its commands', async () => {
    await using server = await scriptedServer();
    const observation = observe(connect$(optionsFor(server)));
    const ftp: FtpSession = await observation.nth(1);
    const live = { states: observe(ftp.state$), replies: observe(ftp.reply$), commands: observe(ftp.command$) };
    await observe(ftp.noop$()).settled;
    observation.unsubscribe();
    await live.states.settled;
    expect(live.states.values.map(({ status }) => status)).toEqual(['idle', 'busy', 'idle', 'closed']);
    expect(await live.commands.settled).toEqual(['NOOP', 'QUIT']);
    expect((await live.replies.settled).map(({ code }) => code)).toEqual([200, 221]);
    expect(await observe(ftp.noop$()).failed).not.toBeInstanceOf(FtpUsageError);
  });

  it('shows aborting while a transfer is cancelled', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    await using open = await sessionOf(server);
    const states = observe(open.ftp.state$);
    const running = observe(open.ftp.retr$('/big'));
    await running.nth(1);
    running.unsubscribe();
    await observe(open.ftp.noop$()).settled;
    expect(states.values.map(({ status }) => status)).toEqual(['idle', 'busy', 'aborting', 'busy', 'idle']);
    await open.close();
    await states.settled;
  });
});
