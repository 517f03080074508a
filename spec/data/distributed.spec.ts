/** Transfers of a server that is spread over several machines: PRET before each passive port, and nothing in between. */
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, type FtpClient, FtpConnectionError, FtpReplyError, FtpTimeoutError } from '../../lib/index.js';
import { clientOf } from '../client/support/open.js';
import { Latch } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import {
  type Handler,
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
} from '../support/scripted-server.js';

const files = { '/a': 'seven..', '/dir/b': 'other' };

/** A server that opens a passive port for the transfer alone that PRET has named just before. */
async function distributed(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, chunking: 'whole', ...options });
  server.features = [...server.features, 'PRET'];
  const planned = new Map<object, string>();
  server.on('PRET', (session, plan) => {
    planned.set(session, plan);
    return session.reply('200 OK, planning for the upcoming transfer.');
  });
  const passive: Handler = (session, _argument, command) =>
    planned.has(session) ? command.byDefault() : session.reply('500 Use a client that knows PRET.');
  server.on('EPSV', passive).on('PASV', passive);
  for (const verb of ['RETR', 'STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD']) {
    server.on(verb, (session, argument, command) => {
      const asked = argument === '' ? verb : `${verb} ${argument}`;
      const plan = planned.get(session);
      planned.delete(session);
      return plan === asked ? command.byDefault() : session.reply(`503 PRET was for ${plan}.`);
    });
  }
  return server;
}

const text = async (ftp: FtpClient, path = '/a', options = {}): Promise<string> =>
  Buffer.from(await lastValueFrom(ftp.retr$(path, options).pipe(collectBytes()))).toString();

function ofTransfers(server: ScriptedServer): string[] {
  return server.commands.filter((line) => !/^(USER|PASS|FEAT|OPTS|TYPE|QUIT|SIZE)\b/.test(line));
}

describe('a server that names PRET', () => {
  it('is told of every transfer and listing, right before the port', async () => {
    await using server = await distributed();
    await using ftp = clientOf(server);
    expect(await text(ftp)).toBe('seven..');
    expect(await text(ftp, '/a', { start: 2 })).toBe('ven..');
    await lastValueFrom(ftp.stor$('/up', 'data'));
    await lastValueFrom(ftp.appe$('/up', ' more'));
    expect((await lastValueFrom(ftp.entries$('/dir').pipe(toArray()))).map(({ name }) => name)).toEqual(['b']);
    expect(await lastValueFrom(ftp.nlst$('/dir').pipe(toArray()))).toEqual(['b']);
    expect(server.tree.text('/up')).toBe('data more');
    const lines = ofTransfers(server);
    for (const [at, line] of lines.entries()) if (line === 'EPSV') expect(lines[at - 1]).toMatch(/^PRET /);
    expect(lines.filter((line) => line.startsWith('PRET'))).toEqual([
      ...['PRET RETR /a', 'PRET RETR /a', 'PRET STOR /up', 'PRET APPE /up', 'PRET MLSD /dir', 'PRET NLST /dir'],
    ]);
  });

  it('is told of a raw transfer, and of STOU without a name', async () => {
    await using server = await distributed();
    await using ftp = clientOf(server);
    await observe(ftp.transfer$('STOU', { source: 'x' })).settled;
    expect(ofTransfers(server)).toEqual(['PRET STOU', 'EPSV', 'STOU']);
  });

  it('is told before PASV where EPSV is refused, once', async () => {
    await using server = await distributed();
    server.answer('EPSV', '500 What?');
    await using ftp = clientOf(server);
    expect(await text(ftp)).toBe('seven..');
    expect(await text(ftp)).toBe('seven..');
    expect(ofTransfers(server)).toEqual(['PRET RETR /a', 'EPSV', 'PASV', 'RETR /a', 'PRET RETR /a', 'PASV', 'RETR /a']);
  });

  it('is told again where a fence came between, or a port was not reached', async () => {
    await using server = await distributed();
    server.once('EPSV', (session) => session.reply('200 Passive.'));
    await using ftp = clientOf(server);
    expect(await text(ftp)).toBe('seven..');
    const fenced = ['PRET RETR /a', 'EPSV', 'NOOP', 'PWD', 'PRET RETR /a', 'PASV', 'RETR /a'];
    expect(ofTransfers(server)).toEqual(fenced);
    await using closed = await scriptedServer();
    const { port } = closed;
    await closed.close();
    server.once('EPSV', (session) => session.reply(`229 Here (|||${port}|)`));
    await using other = clientOf(server);
    expect(await text(other)).toBe('seven..');
    expect(ofTransfers(server).slice(fenced.length)).toEqual([
      ...['PRET RETR /a', 'EPSV', 'PRET RETR /a', 'PASV', 'RETR /a'],
    ]);
  });

  it('is not told in active mode', async () => {
    await using server = await distributed();
    server.on('RETR', (_session, _path, command) => command.byDefault());
    await using ftp = clientOf(server, { mode: 'active' });
    expect(await text(ftp)).toBe('seven..');
    expect(ofTransfers(server).some((line) => line.startsWith('PRET'))).toBe(false);
  });

  it.each([
    ['names PRET', ['PRET', 'UTF8'], true],
    ['does not', ['UTF8'], false],
  ])('is told where the option features %s', async (_what, features, told) => {
    await using server = await distributed();
    server.on('EPSV', (_session, _argument, command) => command.byDefault());
    server.on('RETR', (_session, _path, command) => command.byDefault());
    await using ftp = clientOf(server, { features });
    expect(await text(ftp)).toBe('seven..');
    expect(ofTransfers(server).includes('PRET RETR /a')).toBe(told);
  });

  it('whose greeting is known is asked for no port early', async () => {
    await using server = await distributed({ greeting: '220 ProFTPD Server ready.' });
    await using ftp = clientOf(server, { features: ['PRET', 'UTF8'], pipelineLogin: true });
    const both = [text(ftp), text(ftp)];
    expect(await Promise.all(both)).toEqual(['seven..', 'seven..']);
    expect(ofTransfers(server)).toEqual(['PRET RETR /a', 'EPSV', 'RETR /a', 'PRET RETR /a', 'EPSV', 'RETR /a']);
  });

  it.each([
    false,
    true,
  ])('is told the transfer after it has refused an early port (pipelineLogin: %s)', async (pipelineLogin) => {
    await using server = await distributed({ greeting: '220 ProFTPD Server ready.' });
    await using ftp = clientOf(server, { pipelineLogin });
    expect(await text(ftp)).toBe('seven..');
    expect(await text(ftp)).toBe('seven..');
    expect(ofTransfers(server).slice(0, 2)).toEqual(['EPSV', 'PRET RETR /a']);
    expect(ofTransfers(server).filter((line) => line.startsWith('PRET'))).toHaveLength(2);
  });
});

describe('PRET', () => {
  it.each([
    '550 No such file.',
    '530 No slave is up.',
    '450 Not now.',
    '500 What?',
  ])('refused by "%s" ends the operation alone, before a port is asked for', async (reply) => {
    await using server = await distributed();
    server.once('PRET', (session) => session.reply(reply));
    await using ftp = clientOf(server);
    const error = await observe(ftp.retr$('/missing')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'PRET RETR /missing', reply: { code: Number(reply.slice(0, 3)) } });
    expect(error).toMatchObject({ outcome: 'refused', transient: reply.startsWith('4') });
    expect(ofTransfers(server)).toEqual(['PRET RETR /missing']);
    expect(await text(ftp)).toBe('seven..');
    expect(server.sessions).toHaveLength(1);
    expect(server.journal.of('data-opened')).toHaveLength(1);
  });

  it.each(['500 Unknown.', '504 Not for MLSD.'])('refused for MLSD alone by "%s" leads to LIST', async (reply) => {
    await using server = await distributed();
    server.once('PRET', (session) => session.reply(reply));
    await using ftp = clientOf(server);
    for (const _again of [1, 2]) {
      expect((await lastValueFrom(ftp.entries$('/dir').pipe(toArray()))).map(({ name }) => name)).toEqual(['b']);
    }
    const prets = ofTransfers(server).filter((line) => line.startsWith('PRET'));
    expect(prets.filter((line) => line.startsWith('PRET MLSD'))).toHaveLength(1);
    expect(prets.filter((line) => line.startsWith('PRET LIST')).length).toBeGreaterThanOrEqual(2);
  });

  it.each(['226 Fine.', '350 Fine.', '150 Fine.'])('answered by "%s": the fence stands at the end', async (reply) => {
    await using server = await distributed({ greeting: '220 Some server' });
    server.on('PRET', (session) => session.reply(reply));
    server.on('EPSV', (_session, _argument, command) => command.byDefault());
    server.on('RETR', (_session, _path, command) => command.byDefault());
    await using ftp = clientOf(server);
    expect(await text(ftp)).toBe('seven..');
    const lines = ofTransfers(server);
    expect(lines.slice(0, 5)).toEqual(['PRET RETR /a', 'EPSV', 'RETR /a', 'NOOP', 'PWD']);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it.each(['fin', 'rst'] as const)('at which the session is lost (%s) is an error of the connection', async (how) => {
    await using server = await distributed();
    server.once('PRET', (session) => session.closeControl(how));
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    const error = await observe(ftp.retr$('/a')).failed;
    expect(error).toMatchObject({ constructor: FtpConnectionError, command: 'PRET RETR /a' });
    expect(await text(ftp)).toBe('seven..');
    expect(server.sessions).toHaveLength(2);
  });

  it('unanswered in time is FtpTimeoutError', async () => {
    await using server = await distributed();
    server.once('PRET', () => undefined);
    await using ftp = clientOf(server, { replyTimeoutMs: 200 });
    await observe(ftp.pwd$()).settled;
    expect(await observe(ftp.retr$('/a')).failed).toMatchObject({
      constructor: FtpTimeoutError,
      command: 'PRET RETR /a',
    });
    expect(await text(ftp)).toBe('seven..');
  });

  it('is the last command of a transfer that is left at it; the session goes on', async () => {
    await using server = await distributed();
    const latch = new Latch();
    server.once('PRET', async (session) => {
      await latch.opened;
      await session.reply('200 OK.');
    });
    await using ftp = clientOf(server);
    const left = observe(ftp.retr$('/a'));
    await server.received('PRET');
    left.unsubscribe();
    const next = text(ftp, '/dir/b');
    latch.open();
    expect(await next).toBe('other');
    expect(ofTransfers(server)).toEqual(['PRET RETR /a', 'PRET RETR /dir/b', 'EPSV', 'RETR /dir/b']);
    expect(server.sessions).toHaveLength(1);
  });

  it('makes the line longer: what is too long with it is not sent at all', async () => {
    await using server = await distributed();
    await using ftp = clientOf(server, { maxCommandBytes: 64 });
    const path = `/${'x'.repeat(52)}`;
    expect(await observe(ftp.retr$(path)).failed).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
    expect(ofTransfers(server)).toEqual([]);
  });
});
