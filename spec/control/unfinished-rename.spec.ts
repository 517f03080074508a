/** An RNFR that a user has sent himself, and what comes after it: no session is left where only RNTO is answered. */
import { concat, forkJoin, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpOperations, FtpOptions } from '../../lib/index.js';
import { insistOnRename, proftpd } from '../client/support/insist-on-rename.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { type Connected, connected } from './support/connected.js';

const files = { '/a': 'a', '/c': 'ccc' };
const unknown = '220 Ready.';

function at(greeting: string, options: Partial<FtpOptions> = {}): Promise<Connected> {
  return connected({ files, greeting }, options, insistOnRename);
}

const ways: readonly [string, (ftp: FtpOperations, line: string) => Promise<{ code: number }>][] = [
  ['send$', (ftp, line) => lastValueFrom(ftp.send$(line))],
  ['exchange$', (ftp, line) => lastValueFrom(ftp.exchange$(line, { expect: [2, 3] }))],
];

describe.each(ways)('RNFR by %s', (_name, send) => {
  it.each([
    proftpd,
    unknown,
    '220 (vsFTPd 3.0.5)',
  ])('is followed by RNTO, with nothing in between (%s)', async (greeting) => {
    await using it = await at(greeting);
    expect(await send(it.ftp, 'RNFR /a')).toMatchObject({ code: 350 });
    expect(await send(it.ftp, 'RNTO /b')).toMatchObject({ code: 250 });
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /b']);
    expect(it.server.tree.text('/b')).toBe('a');
  });

  it.each([
    [proftpd, ['RNFR /a', 'RNTO /a', 'PWD']],
    [unknown, ['RNFR /a', 'NOOP', 'RNTO /a', 'PWD']],
  ])('is taken back before any other command (%s)', async (greeting, commands) => {
    await using it = await at(greeting);
    await send(it.ftp, 'RNFR /a');
    expect(await observe(it.ftp.pwd$()).settled).toEqual(['/']);
    expect(it.commands).toEqual(commands);
    expect(it.server.tree.text('/a')).toBe('a');
    expect(await observe(it.ftp.rename$('/a', '/b')).settled).toMatchObject([{ code: 250 }]);
  });

  it.each([
    ['220 (vsFTPd 3.0.5)', ['RNFR /a', 'PWD', 'RNTO /b']],
    [unknown, ['RNFR /a', 'NOOP', 'PWD', 'RNTO /b']],
  ])('stays begun where the server takes other commands after it (%s)', async (greeting, commands) => {
    await using it = await connected({ files, greeting });
    await send(it.ftp, 'RNFR /a');
    await observe(it.ftp.pwd$()).settled;
    expect(await send(it.ftp, 'RNTO /b')).toMatchObject({ code: 250 });
    expect(it.commands).toEqual(commands);
  });

  it('is no rename when it is refused', async () => {
    await using it = await at(proftpd);
    it.server.answer('RNFR', '550 No such file.');
    await observe(it.ftp.send$('RNFR /no-such-file')).settled;
    expect(await observe(it.ftp.pwd$()).settled).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /no-such-file', 'PWD']);
  });
});

describe('RNFR without its RNTO', () => {
  it('is taken back once for commands that come together', async () => {
    await using it = await at(proftpd);
    await lastValueFrom(it.ftp.send$('RNFR /a'));
    expect(await lastValueFrom(forkJoin([it.ftp.size$('/a'), it.ftp.size$('/c')]))).toEqual([1, 3]);
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /a', 'TYPE I', 'SIZE /a', 'SIZE /c']);
  });

  it('is taken back before another RNFR', async () => {
    await using it = await at(proftpd);
    const lines = ['RNFR /a', 'RNFR /c', 'RNTO /d'];
    await observe(concat(...lines.map((line) => it.ftp.send$(line)))).settled;
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /a', 'RNFR /c', 'RNTO /d']);
    expect([it.server.tree.text('/a'), it.server.tree.text('/d')]).toEqual(['a', 'ccc']);
  });

  it('is taken back before a transfer', async () => {
    await using it = await at(proftpd);
    await lastValueFrom(it.ftp.send$('RNFR /a'));
    expect(String(await lastValueFrom(it.ftp.retr$('/c')))).toBe(String(Buffer.from('ccc')));
    expect(it.commands.slice(0, 2)).toEqual(['RNFR /a', 'RNTO /a']);
  });

  it('stays begun while nothing but the keep-alive comes', async () => {
    await using it = await at(proftpd, { keepAliveMs: 20 });
    await lastValueFrom(it.ftp.send$('RNFR /a'));
    await it.server.received('NOOP');
    expect(await lastValueFrom(it.ftp.send$('RNTO /b'))).toMatchObject({ code: 250 });
    expect(it.commands.filter((line) => line !== 'NOOP')).toEqual(['RNFR /a', 'RNTO /b']);
  });

  it('sends nothing of what was left while it is taken back', async () => {
    await using it = await at(proftpd);
    await lastValueFrom(it.ftp.send$('RNFR /a'));
    const deleted = observe(it.ftp.dele$('/c'));
    await it.server.received('RNTO');
    deleted.unsubscribe();
    expect(await observe(it.ftp.pwd$()).settled).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /a', 'PWD']);
  });

  it('costs a client the session where it cannot be taken back, and nobody an error', async () => {
    await using server = await scriptedServer({ files, greeting: proftpd });
    insistOnRename(server);
    server.answer('RNTO', '553 Not that name.');
    await using ftp = clientOf(server);
    await lastValueFrom(ftp.send$('RNFR /a'));
    expect(await lastValueFrom(forkJoin([ftp.pwd$(), ftp.noop$()]))).toMatchObject(['/', { code: 200 }]);
    expect(server.sessions).toHaveLength(2);
  });
});
