/** `removeTree$` and `emptyDirectory$`: all of a directory, and nothing else. */
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { emptyDirectory$, FtpTreeError, removeTree$ } from '../../../lib/recipes/index.js';
import { clientOf } from '../../client/support/open.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { fact, listingStage } from './support/listing-server.js';

const FILES = { '/t/a': '1', '/t/d/b': '2', '/t/d/e/c': '3', '/t/.h': '', '/t/empty/': '', '/keep/x': 'x' };

const removals = (server: ScriptedServer): string[] => server.commands.filter((line) => /^(DELE|RMD)/.test(line));

describe('removeTree$', () => {
  it.each([
    ['MLSD', undefined, 1],
    ['MLSD, three sessions', undefined, 3],
    ['LIST', [], 1],
  ] as const)('removes all that is in a directory, and itself (%s)', async (_way, features, maxSessions) => {
    await using server = await scriptedServer({ files: FILES });
    if (features !== undefined) server.features = [...features];
    await using ftp = clientOf(server, { maxSessions });
    expect(await observe(removeTree$(ftp, '/t/')).settled).toEqual([{ files: 4, directories: 4 }]);
    expect(server.tree.get('/t')).toBeUndefined();
    expect(server.tree.text('/keep/x')).toBe('x');
  });

  /** Each command of the verb waits until a second one has come. */
  function inPairs(server: ScriptedServer, verb: 'MLSD' | 'DELE'): void {
    let waiting: (() => void) | undefined;
    server.on(verb, async (_session, path, { byDefault }) => {
      if (!/^\/t\/\d/.test(path)) return byDefault();
      if (waiting === undefined) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      } else {
        waiting();
        waiting = undefined;
      }
      return byDefault();
    });
  }

  it.each(['MLSD', 'DELE'] as const)('removes two directories at a time by two sessions (%s)', async (verb) => {
    const files = ['1', '2', '3', '4'].flatMap((name) => [`/t/${name}/x`, `/t/${name}/d/y`, `/t/${name}/d/z`]);
    await using server = await scriptedServer({ files: Object.fromEntries(files.map((path) => [path, ''])) });
    inPairs(server, verb);
    await using ftp = clientOf(server, { maxSessions: 2 });
    // One directory after the other would wait for ever.
    expect(await observe(removeTree$(ftp, '/t')).settled).toEqual([{ files: 12, directories: 9 }]);
    expect(server.tree.get('/t')).toBeUndefined();
    expect(server.sessions).toHaveLength(2);
  });

  it('sends no command more by several sessions', async () => {
    const sent = async (maxSessions: number): Promise<string[]> => {
      await using server = await scriptedServer({ files: FILES });
      await using ftp = clientOf(server, { maxSessions });
      await observe(removeTree$(ftp, '/t')).settled;
      return server.commands.filter((line) => /^(DELE|RMD|MLSD|LIST|MLST)/.test(line)).toSorted();
    };
    expect(await sent(4)).toEqual(await sent(1));
  });

  it('leaves the directory itself where that is asked for', async () => {
    await using server = await scriptedServer({ files: FILES });
    await using ftp = clientOf(server);
    expect(await observe(removeTree$(ftp, '/t', { keepRoot: true })).settled).toEqual([{ files: 4, directories: 3 }]);
    expect(server.tree.isDirectory('/t')).toBe(true);
    expect(await observe(emptyDirectory$(ftp, '/t')).settled).toEqual([{ files: 0, directories: 0 }]);
  });

  it('removes a single file, and nothing where there is nothing', async () => {
    await using server = await scriptedServer({ files: FILES });
    await using ftp = clientOf(server);
    expect(await observe(removeTree$(ftp, '/t/a')).settled).toEqual([{ files: 1, directories: 0 }]);
    expect(await observe(removeTree$(ftp, '/t/a')).settled).toEqual([{ files: 0, directories: 0 }]);
    expect(await observe(emptyDirectory$(ftp, '/none')).failed).toBeInstanceOf(FtpReplyError);
  });

  it('removes a link, also one that is shown as a directory, and nothing behind it', async () => {
    await using stage = await listingStage('MLSD', {
      '/t': [fact('dir', 'link'), fact('OS.unix=slink:/keep', 'shown'), fact('dir', 'junction'), fact('dir', 'd')],
      '/t/link': [fact('file', 'precious')],
      '/t/junction': [fact('file', 'precious')],
      '/t/d': [fact('file', 'x')],
    });
    const gone = ['DELE /t/link', 'DELE /t/shown', 'RMD /t/junction', 'DELE /t/d/x'];
    const answer = (session: { reply(text: string): Promise<void> }, line: string) => {
      const isLast = line === 'RMD /t' || line === 'RMD /t/d';
      const isRemoved =
        gone.includes(line) || (isLast && removals(stage.server).filter((each) => each === line).length > 1);
      return session.reply(isRemoved ? '250 Removed.' : '550 No.');
    };
    stage.server.on('DELE', (session, path) => answer(session, `DELE ${path}`));
    stage.server.on('RMD', (session, path) => answer(session, `RMD ${path}`));
    expect(await observe(removeTree$(stage.ftp, '/t')).settled).toEqual([{ files: 2, directories: 4 }]);
    expect(stage.listed).toEqual(['/t', '/t/d']);
  });

  it('does not enter what may be a link, where it may not be removed', async () => {
    await using stage = await listingStage('MLSD', { '/t': [fact('dir', 'link')], '/t/link': [fact('file', 'x')] });
    stage.server.answer('DELE', '550 Permission denied.').answer('RMD', '550 Permission denied.');
    const error = await observe(emptyDirectory$(stage.ftp, '/t')).failed;
    expect((error as FtpTreeError).errors).toMatchObject([{ path: 'link', command: 'RMD /t/link' }]);
    expect(removals(stage.server)).toEqual(['DELE /t/link', 'RMD /t/link']);
  });

  it('does not empty what is a link', async () => {
    const row = 'lrwxrwxrwx   1 ftp      ftp            12 Feb  3  2024 t -> /keep';
    await using stage = await listingStage('LIST', { '/': [row], '/t': [row], '/keep': [row] });
    expect(await observe(emptyDirectory$(stage.ftp, '/t')).failed).toBeInstanceOf(FtpUsageError);
    expect(removals(stage.server)).toEqual([]);
  });

  it('goes on behind what cannot be removed, and tells it at the end', async () => {
    await using server = await scriptedServer({ files: FILES });
    server.on('DELE', (session, path, { byDefault }) =>
      path.endsWith('/c') ? session.reply('550 Permission denied.') : byDefault(),
    );
    await using ftp = clientOf(server);
    const removed = observe(removeTree$(ftp, '/t'));
    const error = (await removed.failed) as FtpTreeError;
    expect(error).toBeInstanceOf(FtpTreeError);
    expect(error.errors).toMatchObject([{ path: 'd/e/c', reply: { text: 'Permission denied.' } }]);
    expect(removed.values).toEqual([{ files: 3, directories: 1 }]);
    expect(server.tree.children('/t').map(([name]) => name)).toEqual(['d']);
  });

  it('leaves a directory with a row that was not understood, whose other files are removed', async () => {
    const row = '-rw-r--r--   1 ftp      ftp             1 Feb  3  2024 good';
    await using stage = await listingStage('LIST', { '/': [], '/t': [row, 'total nonsense, this'] });
    stage.server.tree.write('/t/good', Buffer.from(''));
    const error = await observe(removeTree$(stage.ftp, '/t')).failed;
    expect(error).toBeInstanceOf(FtpTreeError);
    expect((error as FtpTreeError).errors[0]).toBeInstanceOf(FtpProtocolError);
    expect(stage.server.tree.isDirectory('/t')).toBe(true);
    expect(removals(stage.server)).toEqual(['DELE /t', 'RMD /t', 'DELE /t/good']);
  });

  it('ends where the session does', async () => {
    await using server = await scriptedServer({ files: FILES });
    server.on('MLSD', (session) => session.closeControl('rst'));
    await using ftp = clientOf(server);
    expect(await observe(removeTree$(ftp, '/t')).failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
    expect(server.tree.get('/t/a')).toBeDefined();
  });

  it('removes nothing further once it is left', async () => {
    await using server = await scriptedServer({ files: FILES });
    await using ftp = clientOf(server);
    const removed = observe(removeTree$(ftp, '/t'));
    await server.received('DELE');
    removed.unsubscribe();
    await observe(ftp.noop$()).settled;
    expect(removals(server)).toEqual(['DELE /t']);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    expect(await observe(emptyDirectory$(ftp, '/t', { signal: controller.signal })).failed).toMatchObject({
      message: 'enough',
    });
  });

  it.each([undefined, '', '/', '//', '.', './', '..', '/a/..', '/a/.', 'a\r\nb'])('refuses %j', async (path) => {
    await using server = await scriptedServer({ files: FILES });
    await using ftp = clientOf(server);
    expect(await observe(removeTree$(ftp, path as string)).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(removeTree$(ftp, '/t', { recursive: true } as object)).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(removeTree$(ftp, '/t', { keepRoot: 1 } as object)).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(emptyDirectory$(ftp, '')).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).toEqual([]);
  });

  it('empties the root, where that is said', async () => {
    await using server = await scriptedServer({ files: FILES });
    await using ftp = clientOf(server);
    await observe(emptyDirectory$(ftp, '/')).settled;
    expect(server.tree.children('/')).toEqual([]);
  });
});
