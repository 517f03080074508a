/** Random trees on real servers: a walk gives exactly them, and removing them removes nothing else. */
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FtpOptions } from '../../lib/index.js';
import {
  emptyDirectory$,
  ensureDirectory$,
  FtpTreeError,
  glob$,
  local,
  type Place,
  remote,
  removeTree$,
  usage$,
  walk$,
} from '../../lib/recipes/index.js';
import { all, last } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, serverNames } from '../support/real-servers/installed.js';
import { runs, timeLimitMs } from '../support/trust.js';

/** A directory of sizes of files, and of directories. */
interface Tree {
  readonly [name: string]: number | Tree;
}

const name = fc.constantFrom(
  ...['a', 'b.txt', 'C', 'a b', '.hidden', '...', '-l', '-R', '~', '*', '[x]', '{a,b}', '#1', '%41', "it's", 'x;y'],
  ...['\u00e4\u00f6', '\u65e5\u672c', 'a -> b', 'total 8', 'd'.repeat(60)],
);

const { tree } = fc.letrec<{ tree: Tree; node: number | Tree }>((tie) => ({
  tree: fc.dictionary(name, tie('node'), { maxKeys: 5, noNullPrototype: true }),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.nat(3000), tie('tree')),
}));

async function plant(directory: string, planted: Tree): Promise<void> {
  for (const [each, node] of Object.entries(planted)) {
    const path = join(directory, each);
    if (typeof node === 'number') await writeFile(path, Buffer.alloc(node));
    else {
      await mkdir(path);
      await plant(path, node);
    }
  }
}

/** All that a walk tells, in one order. */
async function told(place: Place): Promise<string[]> {
  const entries = await all(walk$(place));
  return entries.map(({ path, kind, size }) => `${path} ${kind} ${kind === 'file' ? size : ''}`).toSorted();
}

const ways: readonly (readonly [string, Partial<FtpOptions>])[] = [
  ['one session', {}],
  ['LIST, three sessions', { features: [], maxSessions: 3 }],
];

describeServers(serverNames, (server) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(server, {});
  });
  afterAll(() => place?.close());

  describe.each(ways)('trees by %s', (_way, options) => {
    const visit = (): Promise<Visit> => place.visit({ 'outside/precious': 'x', 'top/': '' }, options);

    it('are walked as they are on the disk, and removed', { timeout: timeLimitMs(60_000) }, async () => {
      await fc.assert(
        fc.asyncProperty(tree, async (planted) => {
          await using at = await visit();
          await plant(at.local('top'), planted);
          await place.server.adopt();
          const here = local(at.local('top'));
          const there = remote(at.ftp, 'top');
          expect(await told(there)).toEqual(await told(here));
          expect(await last(usage$(there))).toEqual(await last(usage$(here)));
          const texts = (of: Place) => all(glob$(of, '**/*.txt', { dot: true }));
          expect((await texts(there)).length).toBe((await texts(here)).length);
          const { files, directories } = await last(usage$(here));
          expect(await last(emptyDirectory$(at.ftp, 'top'))).toEqual({ files, directories });
          expect(await readdir(at.local('top'))).toEqual([]);
          expect(await at.text('outside/precious')).toBe('x');
        }),
        { numRuns: runs(4) },
      );
    });

    it('are removed without what links in them lead to', async () => {
      await using at = await visit();
      await mkdir(at.local('top/d'));
      await symlink('../outside', at.local('top/link'));
      await symlink('../../outside', at.local('top/d/link'));
      await symlink('../outside/precious', at.local('top/to-file'));
      await symlink('../top', at.local('top/loop'));
      await symlink('nowhere', at.local('top/dead'));
      await place.server.adopt();
      const emptied = all(emptyDirectory$(at.ftp, 'top'));
      if (server === 'inetutils') {
        // Its DELE looks at what a link leads to, and can remove no link to a directory.
        await expect(emptied).rejects.toThrow(FtpTreeError);
      } else {
        await emptied;
        // Some servers leave a link that leads nowhere out of a listing.
        expect((await readdir(at.local('top'))).filter((each) => each !== 'dead')).toEqual([]);
      }
      expect(await at.text('outside/precious')).toBe('x');
    });

    it('are not entered through a link that may not be removed', async () => {
      await using at = await visit();
      await symlink('../outside', at.local('top/link'));
      await place.server.adopt();
      await chmod(at.local('top'), 0o555);
      await expect(all(emptyDirectory$(at.ftp, 'top'))).rejects.toThrow(FtpTreeError);
      expect(await at.text('outside/precious')).toBe('x');
    });

    it('end where links lead back, with links followed too', async () => {
      await using at = await visit();
      await mkdir(at.local('top/d'));
      await writeFile(at.local('top/d/x'), '12');
      // ProFTPD's LIST leaves out links to `.` and `..`.
      await symlink('../../top', at.local('top/d/up'));
      await symlink('d', at.local('top/to-d'));
      await place.server.adopt();
      const entries = await all(walk$(remote(at.ftp, 'top'), { links: 'follow' }));
      const paths = entries.map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['d', 'd/x', 'd/up', 'to-d', 'to-d/x', 'to-d/up']));
      expect(new Set(paths).size).toBe(paths.length);
      // Where neither the target nor a number is told, only the depth of a walk or of the system ends the loop.
      if (abilities[server].mlsd || server === 'vsftpd') expect(paths.length).toBeLessThan(30);
    });

    it('are made, also when they are there, and removed', async () => {
      await using at = await visit();
      expect(await last(ensureDirectory$(at.ftp, 'top/a b/c/d'))).toBe(true);
      expect(await last(ensureDirectory$(at.ftp, 'top/a b/c'))).toBe(false);
      expect(await readdir(at.local('top/a b/c'))).toEqual(['d']);
      expect(await last(removeTree$(at.ftp, 'top/a b'))).toEqual({ files: 0, directories: 3 });
      expect(await last(removeTree$(at.ftp, 'top/a b'))).toEqual({ files: 0, directories: 0 });
      expect(await readdir(at.local('top'))).toEqual([]);
    });
  });
});
