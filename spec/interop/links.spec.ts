/** Symbolic links on real servers: each is one entry, a link, or what it leads to where the server follows it. */
import { symlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesOptions } from '../../lib/client/operations/entries.js';
import { describeInterop, type InteropName, interopNames } from '../support/interop/interop-server.js';
import { manners } from '../support/interop/manners.js';
import { all } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';

const ways: readonly (readonly [string, readonly string[] | 'ask', EntriesOptions])[] = [
  ['MLSD', 'ask', {}],
  ['LIST', [], {}],
  ['STAT', [], { via: 'stat' }],
];

const TARGETS: Readonly<Record<string, string>> = {
  'to a file': 'file',
  'to a directory': 'sub',
  'to a link': 'to a file',
  'to nothing': 'none',
};
const KINDS: Readonly<Record<string, string>> = {
  'to a file': 'file',
  'to a directory': 'directory',
  'to a link': 'file',
};

/** As links with their targets, as links, or followed: then one that leads nowhere is not listed. */
function shown(server: InteropName, way: string): 'targets' | 'links' | 'followed' {
  if (server === 'ftp-srv' || (server === 'pyftpdlib' && way === 'MLSD')) return 'followed';
  return way === 'MLSD' ? 'links' : 'targets';
}

describeInterop(interopNames, (server) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(server, {});
  });
  afterAll(() => place?.close());

  describe.each(ways.filter(([way]) => way !== 'MLSD' || manners[server].mlsd))('%s', (way, features, options) => {
    it('lists each link once', async () => {
      await using at = await place.visit({ 'd/file': 'content', 'd/sub/x': '' }, { features });
      await symlink('file', at.local('d/to a file'));
      await symlink('sub', at.local('d/to a directory'));
      await symlink('none', at.local('d/to nothing'));
      await symlink('to a file', at.local('d/to a link'));
      const entries = await all(at.ftp.entries$('d', options));
      const found = entries.map(({ name, kind, target }) => [name, kind, target] as const);
      expect(found.filter(([name]) => !name.startsWith('to ')).sort()).toEqual([
        ['file', 'file', undefined],
        ['sub', 'directory', undefined],
      ]);
      const show = shown(server, way);
      const leads = (name: string): boolean =>
        name !== 'to nothing' || (show !== 'followed' && !(server === 'proftpd' && way === 'MLSD'));
      const links = Object.keys(TARGETS).filter(leads);
      expect(found.filter(([name]) => name.startsWith('to ')).sort()).toEqual(
        links
          .sort()
          .map((name) =>
            show === 'followed'
              ? [name, KINDS[name], undefined]
              : [name, 'symlink', show === 'targets' ? TARGETS[name] : undefined],
          ),
      );
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    });
  });
});
