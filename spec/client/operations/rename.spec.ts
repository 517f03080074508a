/** Renames: RNFR and RNTO in one write where the server takes that, else one after the other, and what becomes of one that is left. */
import { describe, expect, it } from 'vitest';
import { type FtpOperations, type FtpOptions, FtpProtocolError, FtpReplyError } from '../../../lib/index.js';
import { type Connected, connected } from '../../control/support/connected.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { insistOnRename, proftpd } from '../support/insist-on-rename.js';
import { clientOf } from '../support/open.js';

const files = { '/a': 'a', '/c': 'c' };
const unknown = '220 Ready.';
const vsftpd = '220 (vsFTPd 3.0.5)';
const pureFtpd = '220 Welcome to Pure-FTPd';

/** RNTO to `name` is refused and ends no rename, as Pure-FTPd does with a prohibited name. */
function refuseAndKeep(server: ScriptedServer, name: string): void {
  server.on('RNTO', (session, path, command) =>
    path === name ? session.reply('553 Prohibited file name.') : command.byDefault(),
  );
}

/** Leaves a rename when RNFR is on its way; resolves when the next command was answered. */
async function leaveRename(
  { ftp, server }: { ftp: FtpOperations; server: ScriptedServer },
  nth = 1,
): Promise<readonly unknown[]> {
  const renaming = observe(ftp.rename$('/a', '/b'));
  await server.received('RNFR', nth);
  renaming.unsubscribe();
  return observe(ftp.pwd$()).settled;
}

function at(greeting: string, client: Partial<FtpOptions> = {}): Promise<Connected> {
  return connected({ files, greeting }, client, insistOnRename);
}

describe('a rename that is left between RNFR and RNTO', () => {
  it('is taken back on a server that its greeting does not name, once that has refused NOOP', async () => {
    await using it = await at('220 Ready.');
    expect(await leaveRename(it)).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /a', 'NOOP', 'RNTO /a', 'PWD']);
    expect(it.server.tree.text('/a')).toBe('a');
  });

  it('is not taken back where the server goes on by itself', async () => {
    await using it = await connected({ files, greeting: unknown });
    expect(await leaveRename(it)).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /a', 'NOOP', 'PWD']);
  });

  it.each([proftpd, vsftpd])('is done where RNTO has left with RNFR (%s)', async (greeting) => {
    await using it = await at(greeting);
    expect(await leaveRename(it)).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /b', 'PWD']);
    expect(it.server.tree.text('/b')).toBe('a');
  });

  it.each([
    '553 Not that name.',
    '350 Odd.',
  ])('costs a client the session where RNTO is answered by %s', async (reply) => {
    await using server = await scriptedServer({ files, greeting: proftpd });
    server.answer('RNTO', reply);
    await using ftp = clientOf(server);
    await observe(ftp.send$('RNFR /a')).settled;
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(2);
  });

  it('can be done afterwards', async () => {
    await using it = await at(unknown);
    for (let round = 1; round <= 20; round += 1) expect(await leaveRename(it, round)).toEqual(['/']);
    await observe(it.ftp.rename$('/a', '/b')).settled;
    expect(it.server.tree.text('/b')).toBe('a');
  });
});

describe('renames on a server that takes RNFR and RNTO in one write', () => {
  const pair = ['RNFR /a', 'RNTO /b'];

  it.each([proftpd, vsftpd])('leave together, before any reply (%s)', async (greeting) => {
    await using it = await connected({ files, greeting });
    const renames = [observe(it.ftp.rename$('/a', '/b')), observe(it.ftp.rename$('/c', '/d'))];
    for (const { settled } of renames) expect(await settled).toMatchObject([{ code: 250 }]);
    expect(it.commands).toEqual([...pair, 'RNFR /c', 'RNTO /d']);
    expect([it.server.tree.text('/b'), it.server.tree.text('/d')]).toEqual(['a', 'c']);
    expect(await observe(it.ftp.pwd$()).settled).toEqual(['/']);
    expect(it.commands.at(-1)).toBe('PWD');
  });

  it.each([
    '220 pyftpdlib 1.5.7 ready.',
    '220 inetutils FTP server',
    unknown,
  ])('wait for each reply elsewhere, and have the session alone (%s)', async (greeting) => {
    await using it = await connected({ files, greeting });
    const asked = new Promise<() => void>((ask) => {
      it.server.on('RNFR', async (_session, _path, command) => {
        await new Promise<void>((answer) => ask(answer));
        await command.byDefault();
      });
    });
    const renamed = observe(it.ftp.rename$('/a', '/b'));
    const sized = observe(it.ftp.size$('/c'));
    const answer = await asked;
    expect(it.commands).toEqual(['RNFR /a']);
    answer();
    await renamed.settled;
    await sized.settled;
    expect(it.commands.slice(0, 2)).toEqual(pair);
  });

  it.each([
    '220 pyftpdlib 1.5.7 ready.',
    '220 inetutils FTP server',
    unknown,
  ])('go one after the other in a client too (%s)', async (greeting) => {
    await using server = await scriptedServer({ files, greeting });
    await using ftp = clientOf(server, { maxSessions: 1 });
    const renames = [observe(ftp.rename$('/a', '/b')), observe(ftp.rename$('/c', '/d'))];
    for (const { settled } of renames) await settled;
    expect([server.tree.text('/b'), server.tree.text('/d')]).toEqual(['a', 'c']);
    const commands = server.commands.filter((line) => line.startsWith('RN'));
    expect(commands).toEqual(['RNFR /a', 'RNTO /b', 'RNFR /c', 'RNTO /d']);
  });

  it('error by the refusal of RNFR, behind which RNTO is refused too', async () => {
    await using it = await connected({ files, greeting: vsftpd });
    const error = await observe(it.ftp.rename$('/none', '/b')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'RNFR /none', outcome: 'refused' });
    expect(it.commands).toEqual(['RNFR /none', 'RNTO /b']);
    expect(await observe(it.ftp.size$('/a')).settled).toEqual([1]);
  });

  it('error by the refusal of RNTO, and harm no other in the window', async () => {
    await using it = await connected({ files, greeting: vsftpd });
    it.server.on('RNTO', (session, path, command) =>
      path === '/none/b' ? session.reply('550 No such directory.') : command.byDefault(),
    );
    const refused = observe(it.ftp.rename$('/a', '/none/b'));
    const done = observe(it.ftp.rename$('/c', '/d'));
    expect(await refused.failed).toMatchObject({ command: 'RNTO /none/b', outcome: 'refused' });
    expect(await done.settled).toMatchObject([{ code: 250 }]);
    expect([it.server.tree.text('/a'), it.server.tree.text('/d')]).toEqual(['a', 'c']);
  });

  it('do not know what was renamed where RNFR is refused and RNTO is not', async () => {
    await using it = await connected({ files, greeting: vsftpd });
    it.server.answer('RNFR', '550 No.');
    it.server.answer('RNTO', '250 Done.');
    const error = await observe(it.ftp.rename$('/a', '/b')).failed;
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(error).toMatchObject({ command: 'RNTO /b', outcome: 'unknown' });
  });

  it('end an older RNFR of the user before: RNTO behind a refused RNFR would rename that file', async () => {
    await using it = await connected({ files, greeting: pureFtpd });
    await observe(it.ftp.send$('RNFR /a')).settled;
    expect(await observe(it.ftp.rename$('/none', '/b')).failed).toMatchObject({ command: 'RNFR /none' });
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /a', 'RNFR /none', 'RNTO /b']);
    expect(it.server.tree.text('/a')).toBe('a');
    await observe(it.ftp.rename$('/a', '/b')).settled;
    expect(it.commands.slice(4)).toEqual(pair);
  });

  it('have the session alone on Pure-FTPd, and end one whose RNTO was refused before the next', async () => {
    await using it = await connected({ files, greeting: pureFtpd });
    refuseAndKeep(it.server, '/.b');
    const refused = observe(it.ftp.rename$('/a', '/.b'));
    const missing = observe(it.ftp.rename$('/none', '/wrong'));
    const done = observe(it.ftp.rename$('/c', '/d'));
    expect(await refused.failed).toMatchObject({ command: 'RNTO /.b', outcome: 'refused' });
    expect(await missing.failed).toMatchObject({ command: 'RNFR /none', outcome: 'refused' });
    expect(await done.settled).toMatchObject([{ code: 250 }]);
    const pairs = ['RNFR /a', 'RNTO /.b', 'RNTO /a', 'RNFR /none', 'RNTO /wrong', 'RNFR /c', 'RNTO /d'];
    expect(it.commands).toEqual(pairs);
    expect([it.server.tree.text('/a'), it.server.tree.text('/d')]).toEqual(['a', 'c']);
  });

  it('end one of the user, whose RNTO was refused', async () => {
    await using it = await connected({ files, greeting: pureFtpd });
    refuseAndKeep(it.server, '/.b');
    await observe(it.ftp.send$('RNFR /a')).settled;
    expect(await observe(it.ftp.send$('RNTO /.b')).settled).toMatchObject([{ code: 553 }]);
    await observe(it.ftp.rename$('/none', '/wrong')).failed;
    expect(it.server.tree.text('/a')).toBe('a');
  });

  it('do not know what was renamed where the connection is lost before the replies', async () => {
    await using it = await connected({ files, greeting: vsftpd });
    it.server.on('RNFR', (session) => session.closeControl());
    expect(await observe(it.ftp.rename$('/a', '/b')).failed).toMatchObject({ outcome: 'unknown' });
  });

  it('go one by one from then on where a reply does not fit', async () => {
    await using server = await scriptedServer({ files, greeting: vsftpd });
    server.answer('RNFR', '250 Odd.');
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    await observe(ftp.rename$('/a', '/b')).failed;
    server.on('RNFR', (_session, _path, command) => command.byDefault());
    await observe(ftp.rename$('/c', '/d')).settled;
    expect(server.sessions).toHaveLength(2);
    expect(server.tree.text('/d')).toBe('c');
  });
});
