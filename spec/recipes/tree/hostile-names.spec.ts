/** Forty names that a server should not list, in each format of listings: none leads out of the tree, and the rest is there. */
import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FtpError, FtpProtocolError } from '../../../lib/index.js';
import { printable } from '../../../lib/protocol/printable.js';
import { FtpTreeError, remote, removeTree$, type TreeEntry, walk$ } from '../../../lib/recipes/index.js';
import { type Observation, observe } from '../../support/observe.js';
import { DISKS, FORMATS, HOSTILE } from './support/hostile-listings.js';
import { listingStage } from './support/listing-server.js';

type Format = (typeof FORMATS)[number];

it('are forty', () => {
  expect(new Set(HOSTILE).size).toBe(40);
});

/** One directory lists all of them between two good ones, as files or as directories. */
async function walked(
  { verb, heading = [], row, directory, suffix = '' }: Format,
  as: 'row' | 'directory',
): Promise<Observation<TreeEntry>> {
  const hostile = HOSTILE.map(as === 'row' ? row : directory);
  await using stage = await listingStage(verb, {
    '/top': [...heading, row(`before${suffix}`), directory('sub'), ...hostile, row(`behind${suffix}`)],
    '/top/sub': [...heading, row(`inner${suffix}`)],
  });
  const walk = observe(walk$(remote(stage.ftp, '/top')));
  await walk.ended;
  for (const path of stage.listed) expect(posix.normalize(path)).toMatch(/^\/top/);
  return walk;
}

describe.each(FORMATS)('hostile names in $name', (format) => {
  it.each(DISKS)('stay below a local root on $platform, or are refused', async ({ platform, rules }) => {
    const path = platform === 'win32' ? win32 : posix;
    for (const as of ['row', 'directory'] as const) {
      const { values } = await walked(format, as);
      const root = path.resolve('/root');
      for (const entry of values) {
        const parts = entry.path.split('/');
        if (parts.some((name) => rules(name) !== undefined)) continue;
        expect(path.resolve(root, ...parts)).toBe([root, ...parts].join(path.sep));
      }
    }
  });

  it.each(['row', 'directory'] as const)('leave the rest of the tree there (%s)', async (as) => {
    const { values, end, error } = await walked(format, as);
    const paths = values.map(({ path }) => path);
    const { suffix = '', hasStrictNames } = format;
    for (const path of ['sub', ...['before', 'sub/inner', 'behind'].map((each) => each + suffix)])
      expect(paths).toContain(path);
    expect(end).toBe('error');
    expect(error).toBeInstanceOf(FtpTreeError);
    const { errors } = error as FtpTreeError;
    for (const each of errors) expect(each).toBeInstanceOf(FtpError);
    expect(errors.filter((each) => each instanceof FtpProtocolError).map(({ path }) => path)).toContain(
      hasStrictNames ? '' : 'a/b',
    );
    for (const { message } of [error as FtpTreeError, ...errors]) expect(message).toBe(printable(message, 10_000));
  });
});

describe('removeTree$', () => {
  it.each(FORMATS)('removes nothing outside of its root by hostile names in $name', async ({
    verb,
    heading = [],
    row,
    directory,
    suffix = '',
  }) => {
    const rows = HOSTILE.flatMap((name) => [row(name), directory(name)]);
    await using stage = await listingStage(verb, {
      '/': [...heading, directory('top')],
      '/top': [...heading, row(`good${suffix}`), ...rows],
    });
    const removed: string[] = [];
    for (const command of ['DELE', 'RMD'] as const) {
      stage.server.on(command, async (session, argument) => {
        if (argument === '/top') return session.reply('550 It is a directory with files.');
        removed.push(argument);
        return session.reply('250 Removed.');
      });
    }
    await observe(removeTree$(stage.ftp, '/top')).ended;
    expect(removed).toContain(`/top/good${suffix}`);
    for (const path of removed) {
      expect(posix.dirname(posix.normalize(path))).toBe('/top');
      expect(win32.dirname(win32.normalize(path))).toMatch(/^\\top/);
    }
  });
});
