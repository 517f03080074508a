/** Clients and sessions of servers whose faults are known: how they are kept from doing harm. */
import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpTransferError, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from './support/open.js';

/** Pure-FTPd as it is: once it has had a STOU, APPE truncates for the rest of the session. */
async function pureFtpd(): Promise<ScriptedServer> {
  const server = await scriptedServer({ files: { '/file': 'one' }, greeting: '220 Welcome to Pure-FTPd' });
  const spoilt = new Set<number>();
  server.on('STOU', (session, _name, command) => {
    spoilt.add(session.id);
    return command.byDefault();
  });
  server.on('APPE', (session, name, command) => {
    if (spoilt.has(session.id)) server.tree.write(`/${name}`, Buffer.alloc(0));
    return command.byDefault();
  });
  return server;
}

const inetutils = (): Promise<ScriptedServer> =>
  scriptedServer({ greeting: '220 localhost FTP server (GNU inetutils 2.4) ready.' });

const content = (server: ScriptedServer): string | undefined => server.tree.file('/file')?.bytes.toString();

describe('APPE after STOU on Pure-FTPd', () => {
  it('goes to another session of the client, in the same directory', async () => {
    await using server = await pureFtpd();
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/')).settled;
    const together = [observe(ftp.stou$('unique', 'u')), observe(ftp.appe$('file', ' two')), observe(ftp.pwd$())];
    for (const { settled } of together) await settled;
    expect(content(server)).toBe('one two');
    expect(server.sessions).toHaveLength(2);
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(1);
    expect(afterLogin(server)).toContain('CWD /');
  });

  it('goes to another session too when the STOU was cancelled', async () => {
    await using server = await pureFtpd();
    await using ftp = clientOf(server);
    const stou = observe(ftp.stou$(NEVER, 'u'));
    await server.received('STOU');
    stou.unsubscribe();
    await observe(ftp.appe$('file', ' two')).settled;
    expect(content(server)).toBe('one two');
    expect(server.sessions).toHaveLength(2);
  });

  it('leaves a session alone that has had no STOU', async () => {
    await using server = await pureFtpd();
    await using ftp = clientOf(server);
    await observe(ftp.stor$('other', 'x')).settled;
    await observe(ftp.appe$('file', ' two')).settled;
    expect(server.sessions).toHaveLength(1);
  });

  it('closes the client once, while its session says goodbye', async () => {
    await using server = await pureFtpd();
    await using ftp = clientOf(server);
    await observe(ftp.stou$('unique', 'u')).settled;
    await observe(ftp.close$()).settled;
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(1);
  });

  it('is refused on a session of its own, with nothing sent, by hand too', async () => {
    await using server = await pureFtpd();
    await using open = await sessionOf(server);
    await observe(open.ftp.stou$('unique', 'u')).settled;
    const sent = server.commands.length;
    const refused = await observe(open.ftp.appe$('file', ' two')).failed;
    expect(refused).toBeInstanceOf(FtpUsageError);
    expect(refused).toMatchObject({ command: 'APPE file', message: expect.stringContaining('another session') });
    expect(await observe(open.ftp.transfer$('APPE file', { source: 'x' })).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).toHaveLength(sent);
    expect(content(server)).toBe('one');
    await observe(open.ftp.stor$('file', 'whole')).settled;
    expect(content(server)).toBe('whole');
  });

  it('is as anywhere else on other servers', async () => {
    await using server = await scriptedServer({ files: { '/file': 'one' } });
    await using ftp = clientOf(server);
    await observe(ftp.stou$('unique', 'u')).settled;
    await observe(ftp.appe$('file', ' two')).settled;
    expect(content(server)).toBe('one two');
    expect(server.sessions).toHaveLength(1);
  });
});

describe('a syntax error on inetutils ftpd', () => {
  it('makes a client open another session, since the next unknown command would get no reply', async () => {
    await using server = await inetutils();
    server.answer('SIZE', "500 'SIZE': syntax error");
    await using ftp = clientOf(server);
    const together = [observe(ftp.size$('')), observe(ftp.size$(' ')), observe(ftp.noop$())];
    expect(await together[0]?.failed).toMatchObject({ reply: { code: 500 } });
    expect(await together[1]?.failed).toMatchObject({ reply: { code: 500 } });
    await together[2]?.settled;
    expect(server.sessions).toHaveLength(2);
  });

  it('lets no more follow that would share the session with what is still under way', async () => {
    await using server = await inetutils();
    server.on('MDTM', (session, path) =>
      session.reply(path === '/5' ? "500 'MDTM': syntax error" : '213 20240203040506'),
    );
    await using ftp = clientOf(server);
    const all = Array.from({ length: 100 }, (_, n) => observe(ftp.mdtm$(`/${n}`)));
    await Promise.all(all.map(({ ended }) => ended));
    expect(all.filter(({ end }) => end === 'complete')).toHaveLength(99);
    const asked = server.journal.of('command').filter(({ verb }) => verb === 'MDTM');
    expect(asked.filter(({ session }) => session === 1)).toHaveLength(32);
    expect(asked.filter(({ session }) => session === 2)).toHaveLength(68);
  });

  it('is nothing that a command which is not known has caused', async () => {
    await using server = await inetutils();
    server.answer('SITE', "500 'SITE X': command not recognized");
    await using ftp = clientOf(server);
    expect(await observe(ftp.site$('X')).failed).toMatchObject({ reply: { code: 500 } });
    await observe(ftp.noop$()).settled;
    expect(server.sessions).toHaveLength(1);
  });

  it('is not provoked by a STOU without a name, which is refused with nothing sent', async () => {
    await using server = await inetutils();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const sent = server.commands.length;
    const refused = await observe(ftp.stou$('unique')).failed;
    expect(refused).toBeInstanceOf(FtpUsageError);
    expect(refused).toMatchObject({ command: 'STOU', message: expect.stringContaining('name') });
    expect(server.commands).toHaveLength(sent);
    await observe(ftp.stou$('unique', 'u')).settled;
    expect(server.tree.file('/u')?.bytes.toString()).toBe('unique');
  });
});

it('a transfer that was broken off by ABOR is not taken for a fault', async () => {
  await using server = await pureFtpd();
  await using ftp = clientOf(server);
  const stor = observe(ftp.stor$('other', NEVER));
  await server.received('STOR');
  await observe(ftp.abor$()).settled;
  expect(await stor.failed).toBeInstanceOf(FtpTransferError);
  await observe(ftp.appe$('file', ' two')).settled;
  expect(server.sessions).toHaveLength(1);
});
