/** What follows and precedes a login, over real servers: HOST, CLNT, LANG, login commands, and PRET that FEAT names. */
import { stat } from 'node:fs/promises';
import { Duplex, Transform } from 'node:stream';
import { filter } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connector, connectSocket, FtpReplyError } from '../../lib/index.js';
import { all } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { observe } from '../support/observe.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';

describeServers(serverNames, (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, {});
  });
  afterAll(() => place?.close());

  it.each([false, true])('takes all of them, or is used without (pipelineLogin: %s)', async (pipelineLogin) => {
    const options = { virtualHost: '127.0.0.1', clientName: 'rxftp', language: 'en', pipelineLogin } as const;
    await using at = await place.visit({ file: 'content' }, { ...options, loginCommands: ['-SITE IDLE 600', 'NOOP'] });
    const sent = observe(at.ftp.command$);
    const told = observe(at.ftp.events$.pipe(filter(({ type }) => type === 'fallback')));
    expect(await all(at.ftp.size$('file'))).toEqual([7]);
    expect(Buffer.concat(await all(at.ftp.retr$('file'))).toString()).toBe('content');
    const without = told.values.map((event) => ('what' in event ? event.what : ''));
    const lacking = {
      proftpd: ['LANG', 'SITE IDLE 600'],
      'pure-ftpd': ['HOST'],
      pyftpdlib: ['HOST', 'SITE IDLE 600'],
      vsftpd: ['HOST', 'SITE IDLE 600'],
      inetutils: ['HOST'],
    }[name];
    expect(without.filter((what) => /^(HOST|CLNT|LANG|SITE|PRET)/.test(what))).toEqual(lacking);
    expect(sent.values[0]).toBe('HOST 127.0.0.1');
    expect(sent.values.filter((line) => line === 'CLNT rxftp')).toHaveLength(name === 'proftpd' ? 1 : 0);
    // Pure-FTPd names PRET, and opens its ports without.
    expect(sent.values.filter((line) => line.startsWith('PRET'))).toEqual([]);
    sent.unsubscribe();
    told.unsubscribe();
  });

  it.runIf(name === 'vsftpd' || name === 'inetutils')('sets the mask of new files on each session', async () => {
    await using at = await place.visit({}, { loginCommands: ['SITE UMASK 077'], maxSessions: 2 });
    await Promise.all([all(at.ftp.stor$('a', 'x')), all(at.ftp.stor$('b', 'x'))]);
    for (const file of ['a', 'b']) expect((await stat(at.local(file))).mode & 0o777).toBe(0o600);
  });

  it('fails a login whose command it refuses', async () => {
    await using at = await place.visit({}, { loginCommands: ['SITE NOSUCHTHING'] });
    const error = await observe(at.ftp.pwd$()).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'SITE NOSUCHTHING', outcome: 'none', transient: false });
  });
});

describeServers(['proftpd'], () => {
  let place: Workplace;
  beforeAll(async () => {
    const lines = ['Port $PORT', 'ServerAlias other.example', 'AuthOrder mod_auth_file.c', 'RequireValidShell off'];
    const other = ['<VirtualHost 127.0.0.1>', ...lines, '</VirtualHost>'];
    place = await Workplace.open('proftpd', { extra: other });
  });
  afterAll(() => place?.close());

  it.each(['pipelined', 'step by step'])('logs in to the virtual host that is named (%s)', async (how) => {
    const pipelineLogin = how === 'pipelined';
    await using at = await place.visit({}, { virtualHost: 'other.example', pipelineLogin });
    const replies = observe(at.ftp.reply$);
    // The other host has no users.
    expect(await observe(at.ftp.pwd$()).failed).toMatchObject({ command: 'PASS ***', reply: { code: 530 } });
    expect(replies.values.map(({ code }) => code).slice(0, 3)).toEqual([220, 220, 331]);
    replies.unsubscribe();
    await using main = await place.visit({}, { virtualHost: '127.0.0.1', pipelineLogin });
    expect(await all(main.ftp.pwd$())).toEqual([main.directory]);
  });

  it('names no user to a server that does not have the host', async () => {
    await using at = await place.visit({}, { virtualHost: 'nowhere.example' });
    const sent = observe(at.ftp.command$);
    const error = await observe(at.ftp.pwd$()).failed;
    expect(error).toMatchObject({ command: 'HOST nowhere.example', reply: { code: 504 }, outcome: 'none' });
    expect(sent.values).toEqual(['HOST nowhere.example']);
    sent.unsubscribe();
  });
});

describeServers(['proftpd'], () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open('proftpd', { tls: 'explicit' });
  });
  afterAll(() => place?.close());

  it('takes HOST before AUTH, and all that follows the login under TLS', async () => {
    const options = { virtualHost: '127.0.0.1', clientName: 'rxftp', loginCommands: ['SITE HELP'] };
    await using at = await place.visit({ file: 'content' }, options);
    const sent = observe(at.ftp.command$);
    expect(Buffer.concat(await all(at.ftp.retr$('file'))).toString()).toBe('content');
    expect(sent.values.slice(0, 2)).toEqual(['HOST 127.0.0.1', 'AUTH TLS']);
    const steps = sent.values.indexOf('CLNT rxftp');
    expect(sent.values.slice(steps, steps + 3)).toEqual(['CLNT rxftp', 'SITE HELP', `CWD ${at.directory}`]);
    sent.unsubscribe();
  });
});

/** Hides the product's name in the greeting, which would show that it needs no PRET. */
const withoutName: Connector = async (endpoint, signal) => {
  const socket = await connectSocket(endpoint, signal);
  if (endpoint.channel === 'data') return socket;
  const renamed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(chunk.toString('latin1').replaceAll('Pure-FTPd', 'Some-FTPd'), 'latin1'));
    },
  });
  return Duplex.from({ readable: socket.pipe(renamed), writable: socket });
};

describeServers(['pure-ftpd'], () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open('pure-ftpd', {});
  });
  afterAll(() => place?.close());

  it('takes PRET before each transfer and listing, where its greeting does not tell who it is', async () => {
    await using at = await place.visit({ file: 'content' }, { connector: withoutName });
    const sent = observe(at.ftp.command$);
    expect(Buffer.concat(await all(at.ftp.retr$('file'))).toString()).toBe('content');
    expect((await all(at.ftp.entries$())).map((entry) => entry.name)).toEqual(['file']);
    await all(at.ftp.stor$('up', 'data'));
    await all(at.ftp.appe$('up', ' more'));
    expect(await at.text('up')).toBe('data more');
    const prets = sent.values.filter((line) => line.startsWith('PRET'));
    expect(prets).toEqual(['PRET RETR file', 'PRET MLSD', 'PRET STOR up', 'PRET APPE up']);
    sent.unsubscribe();
  });
});
