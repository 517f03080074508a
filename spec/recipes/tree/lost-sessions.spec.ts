/** Recipes on trees over one session: where that is lost, they end, and ask no further. */
import { describe, expect, it } from 'vitest';
import { FtpConnectionError } from '../../../lib/index.js';
import { emptyDirectory$, ensureDirectory$, remote, walk$ } from '../../../lib/recipes/index.js';
import { sessionOf } from '../../client/support/open.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';

const files = { '/a/x': '1', '/b/x': '2', '/c/x': '3' };

describe('a lost session', () => {
  it('ends a walk with its error', async () => {
    await using server = await scriptedServer({ files });
    server.on('MLSD', (session, path, { byDefault }) => {
      if (path === '/a' || session.state.directory === '/a') return session.closeControl('rst');
      return byDefault();
    });
    await using open = await sessionOf(server);
    const walk = observe(walk$(remote(open.ftp, '/'), { concurrency: 1 }));
    expect(await walk.failed).toBeInstanceOf(FtpConnectionError);
    expect(walk.values.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  it('ends a removal with its error', async () => {
    await using server = await scriptedServer({ files });
    server.on('DELE', (session, path, { byDefault }) => (path === '/a/x' ? session.closeControl('rst') : byDefault()));
    await using open = await sessionOf(server);
    expect(await observe(emptyDirectory$(open.ftp, '/')).failed).toBeInstanceOf(FtpConnectionError);
    expect(server.tree.text('/c/x')).toBe('3');
  });

  it('ends the making of a directory with its error', async () => {
    await using server = await scriptedServer();
    server.on('MKD', (session) => session.closeControl('rst'));
    await using open = await sessionOf(server);
    expect(await observe(ensureDirectory$(open.ftp, '/a')).failed).toBeInstanceOf(FtpConnectionError);
  });
});
