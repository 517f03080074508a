import { describe, expect, it } from 'vitest';
import { FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

const files = { '/dir/a': 'a', '/dir/sub/': '', '/x "y"/': '' };

describe('cwd$ and cdup$', () => {
  it('emit the reply and complete', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server);
    const [reply, ...more] = await observe(open.ftp.cwd$('/dir/sub')).settled;
    expect(reply).toMatchObject({ code: 250, text: 'Directory changed to /dir/sub', class: 2 });
    expect(more).toEqual([]);
    expect((await observe(open.ftp.cdup$()).settled)[0]?.code).toBe(250);
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/dir']);
  });

  it('go up by CDUP, also from cwd$("..")', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server);
    await observe(open.ftp.cwd$('..')).settled;
    expect(afterLogin(server)).toEqual(['CDUP']);
  });

  it.each(['500', '502'])('go up by CWD where CDUP is answered by %s', async (code) => {
    await using server = await scriptedServer({ files });
    server.answer('CDUP', `${code} Unknown.`);
    await using open = await sessionOf(server, { directory: '/dir/sub' });
    expect((await observe(open.ftp.cdup$()).settled)[0]?.code).toBe(250);
    expect(server.commands.slice(-2)).toEqual(['CDUP', 'CWD ..']);
  });

  it('error with the refusal', async () => {
    await using server = await scriptedServer();
    server.answer('CDUP', '550 No.');
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.cdup$()).failed).toMatchObject({ command: 'CDUP', reply: { code: 550 } });
    expect(await observe(open.ftp.cwd$('/no')).failed).toMatchObject({ command: 'CWD /no', reply: { code: 550 } });
  });

  it('go nowhere when they were left at a CDUP that is not known', async () => {
    await using server = await scriptedServer({ files });
    server.on('CDUP', (session) => {
      leaving.unsubscribe();
      return session.reply('502 Unknown command.');
    });
    await using ftp = clientOf(server);
    const leaving = observe(ftp.cdup$());
    await server.received('CDUP');
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['CDUP', 'NOOP']);
  });

  it('take an empty path for here, as ftplib does', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    await observe(open.ftp.cwd$('')).settled;
    expect(afterLogin(server)).toEqual(['CWD .']);
  });
});

describe('pwd$', () => {
  it('emits the path, quotes undoubled', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server, { directory: '/x "y"' });
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/x "y"']);
  });

  it.each([
    '257 no path here',
    '257 "unfinished',
    '257 "a\u0007b"',
  ])('errors at %j (CVE-2017-1000254)', async (line) => {
    await using server = await scriptedServer();
    server.once('PWD', (session) => session.reply(line));
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.pwd$()).failed).toBeInstanceOf(FtpReplyError);
  });
});

describe('mkd$, rmd$, dele$ and rename$', () => {
  it('emit the created path as the server names it', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server, { directory: '/dir' });
    expect(await observe(open.ftp.mkd$('new')).settled).toEqual(['/dir/new']);
    expect(server.tree.isDirectory('/dir/new')).toBe(true);
  });

  it.each(['250 Done.', '257 Created.', '200 ok'])('emit what was given at %j', async (line) => {
    await using server = await scriptedServer();
    server.answer('MKD', line);
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.mkd$('new')).settled).toEqual(['new']);
  });

  it('remove, delete and rename, with nothing between RNFR and RNTO', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const all = [
      observe(ftp.rmd$('/dir/sub')),
      observe(ftp.rename$('/dir/a', '/dir/b')),
      observe(ftp.noop$()),
      observe(ftp.dele$('/dir/b')),
    ];
    expect((await Promise.all(all.map(({ settled }) => settled))).map(([reply]) => reply?.code)).toEqual([
      250, 250, 200, 250,
    ]);
    expect(afterLogin(server)).toEqual(['RMD /dir/sub', 'RNFR /dir/a', 'RNTO /dir/b', 'NOOP', 'DELE /dir/b']);
  });

  it('error with the refusal and advice', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    for (const [operation$, command] of [
      [ftp.rmd$('/no'), 'RMD /no'],
      [ftp.dele$('/no'), 'DELE /no'],
      [ftp.rename$('/no', '/b'), 'RNFR /no'],
      [ftp.mkd$('/no/no'), 'MKD /no/no'],
    ] as const) {
      const error = await observe<unknown>(operation$).failed;
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ command, transient: false, reply: { code: 550 } });
      expect((error as Error).message).toMatch(/^\w+ \S+ was refused: 550 .+ \(.+\?|\)$/);
    }
  });

  it('error when RNTO is refused', async () => {
    await using server = await scriptedServer({ files });
    server.answer('RNTO', '553 Not that name.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.rename$('/dir/a', '/b')).failed).toMatchObject({ command: 'RNTO /b' });
  });

  it('send no RNTO for a rename that was given up at RNFR', async () => {
    await using server = await scriptedServer({ files });
    server.on('RNFR', async (session, _argument, command) => {
      renaming.unsubscribe();
      await command.byDefault();
      await session.reply();
    });
    await using ftp = clientOf(server);
    const renaming = observe(ftp.rename$('/dir/a', '/b'));
    await renaming.ended;
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(afterLogin(server)).toEqual(['RNFR /dir/a', 'PWD']);
    expect(server.tree.text('/dir/a')).toBe('a');
  });
});
