/** `glob$`: the files whose paths match, and no listing that cannot have one. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { FtpTreeError, glob$, local, remote } from '../../../lib/recipes/index.js';
import { observe } from '../../support/observe.js';
import { fact, listingStage } from './support/listing-server.js';

const TREE = {
  '/': [fact('dir', 'logs'), fact('dir', 'other'), fact('file', 'a.txt')],
  '/logs': [fact('dir', '2023'), fact('dir', '2024')],
  '/logs/2023': [fact('file', 'a.log')],
  '/logs/2024': [fact('file', 'a.log'), fact('file', 'b.log'), fact('dir', 'deep.log')],
  '/logs/2024/deep.log': [fact('file', 'x')],
  '/other': [fact('file', 'a.log')],
};

describe('glob$', () => {
  it('emits what matches, and lists no directory that cannot have a match', async () => {
    await using stage = await listingStage('MLSD', TREE);
    const entries = await observe(glob$(remote(stage.ftp, '/'), ['logs/2024/*.log', '!**/b.*'])).settled;
    expect(entries.map(({ path }) => path)).toEqual(['logs/2024/a.log', 'logs/2024/deep.log']);
    expect(stage.listed).toEqual(['/', '/logs', '/logs/2024']);
  });

  it('keeps to the options of walk$', async () => {
    await using stage = await listingStage('MLSD', TREE);
    const place = remote(stage.ftp, '/');
    const filter = ({ name }: { name: string }): boolean => name !== '2024';
    const filtered = await observe(glob$(place, '**/*.log', { filter })).settled;
    expect(filtered.map(({ path }) => path).toSorted()).toEqual(['logs/2023/a.log', 'other/a.log']);
    const shallow = await observe(glob$(place, '**', { depth: 0 })).settled;
    expect(shallow.map(({ path }) => path)).toEqual(['logs', 'other', 'a.txt']);
  });

  it('can be read by for await', async () => {
    await using stage = await listingStage('MLSD', TREE);
    const paths: string[] = [];
    for await (const { path } of glob$(remote(stage.ftp, '/'), '**/*.LOG', { nocase: true })) paths.push(path);
    expect(paths.toSorted()).toEqual([
      'logs/2023/a.log',
      'logs/2024/a.log',
      'logs/2024/b.log',
      'logs/2024/deep.log',
      'other/a.log',
    ]);
  });

  it('errors with the directories that could not be listed', async () => {
    await using stage = await listingStage('MLSD', { '/': [fact('dir', 'bad'), fact('file', 'x')] });
    stage.server.tree.makeDirectory('/bad');
    const glob = observe(glob$(remote(stage.ftp, '/'), '**'));
    expect(await glob.failed).toBeInstanceOf(FtpTreeError);
    expect(glob.values.map(({ path }) => path)).toEqual(['bad', 'x']);
    const shallow = observe(glob$(remote(stage.ftp, '/'), '*'));
    expect((await shallow.settled).map(({ path }) => path)).toEqual(['bad', 'x']);
  });

  it('errors as the listing of the root does', async () => {
    await using stage = await listingStage('MLSD', {});
    expect(await observe(glob$(remote(stage.ftp, '/none'), '**')).failed).toBeInstanceOf(FtpReplyError);
  });

  it('sends nothing further once it is left, also before the patterns are read', async () => {
    await using stage = await listingStage('MLSD', TREE);
    const early = observe(glob$(remote(stage.ftp, '/'), '**'));
    early.unsubscribe();
    await observe(stage.ftp.noop$()).settled;
    expect(stage.listed).toEqual([]);
  });

  it.each([
    ['a bad pattern', () => glob$(local('.'), '/a')],
    ['an unknown option', () => glob$(local('.'), '*', { ignore: ['x'] } as object)],
    ['a flag that is none', () => glob$(local('.'), '*', { dot: 1 as never })],
    ['no place', () => glob$('.' as never, '*')],
  ])('refuses %s', async (_what, glob) => {
    expect(await observe(glob()).failed).toBeInstanceOf(FtpUsageError);
  });
});
