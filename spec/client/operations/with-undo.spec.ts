/** Directories that CWD leads to under another name: ftp-srv leaves quotation marks out, and makes slashes of backslashes. */
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/dir/a': '', '/dir/"/x': '', '/dir/quo"te/y': '', '/dir/sub/z': '', '/quote/w': '' };

async function stripping(greeting: string): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting });
  server.features = [];
  server.on('CWD', async (session, path) => {
    const meant = path
      .replaceAll('"', '')
      .replaceAll('\\', '/')
      .replaceAll(/\/+/g, '/')
      .replace(/(.)\/$/, '$1');
    if (!server.tree.isDirectory(meant)) return session.reply('550 No.');
    session.state.directory = meant;
    await session.reply('250 Ok.');
  });
  return server;
}

const STRANGER = '220 Ready.';

describe('entries$ of a directory that CWD does not lead to', () => {
  it.each(['/dir/"', '/dir/\\', '/"dir"', '/dir/sub\\\\', '/quo"te'])('is an error: %s', async (path) => {
    await using server = await stripping(STRANGER);
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$(path)).failed;
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(String(error)).toContain('the server misreads the name');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['/dir\\sub', 'z'],
    ['\\dir\\sub', 'z'],
  ])('is none where a backslash is a slash: %s', async (path, name) => {
    await using server = await stripping(STRANGER);
    await using ftp = clientOf(server);
    expect((await observe(ftp.entries$(path)).settled).map((entry) => entry.name)).toEqual([name]);
  });

  it('is not looked for on servers that take names as they are, nor in other names', async () => {
    for (const [greeting, path] of [
      ['220 (vsFTPd 3.0.5)', '/dir/"'],
      [STRANGER, '/dir/sub'],
    ] as const) {
      await using server = await stripping(greeting);
      await using ftp = clientOf(server);
      await observe(ftp.entries$(path)).settled;
      expect(afterLogin(server).filter((line) => line === 'PWD')).toHaveLength(1);
    }
  });

  it('is not known without PWD', async () => {
    await using server = await stripping(STRANGER);
    server.answer('PWD', '502 What?');
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/')).settled;
    expect(await observe(ftp.entries$('/dir/"')).settled).toHaveLength(4);
  });
});
