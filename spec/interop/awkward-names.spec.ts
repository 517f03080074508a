/** One directory with awkward names in it, and directories of such names, by every way there is to list them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesOptions } from '../../lib/client/operations/entries.js';
import { FtpReplyError } from '../../lib/errors.js';
import { all } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, serverNames } from '../support/real-servers/installed.js';

const marks = [
  '*',
  '?',
  '[x]',
  '{a,b}',
  '~',
  '\\',
  "'",
  '"',
  ';',
  '$HOME',
  '#',
  '%41',
  '&',
  '|',
  '=',
  ',',
  '(',
  '!',
  '`',
];
const names = [
  ...marks.flatMap((mark) => [mark, `in ${mark} it`]),
  ...[
    'plain',
    'a b',
    ' leads',
    '  two',
    'ends ',
    'a -> b',
    '-l',
    '-la',
    '--',
    'total 8',
    'type=file; x',
    '.hid',
    '...',
  ],
  ...[
    '2024',
    '12:30 a',
    'Jan 1 12:30 a',
    'd',
    'drwxr-xr-x',
    'grüße 日本',
    'x'.repeat(200),
    'CAPS',
    'a.b.c',
    '01-01-24',
  ],
].sort();
const directories = names.filter((name) => name.length < 100);

/** The ways to list, and which of them need MLSD. */
const ways: readonly (readonly [string, readonly string[] | 'ask', EntriesOptions])[] = [
  ['MLSD', 'ask', { hidden: true }],
  ['LIST', [], { hidden: true }],
  ['STAT', [], { hidden: true, via: 'stat' }],
];

async function plant(place: Workplace, features: readonly string[] | 'ask'): Promise<Visit> {
  const files = Object.fromEntries([
    ...names.map((name) => [`all/${name}`, name]),
    ...directories.map((name) => [`each/${name}/${name}`, 'x']),
    ['each/none/', ''],
  ]);
  return place.visit(files, { features });
}

describeServers(serverNames, (server) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(server, {});
  });
  afterAll(() => place?.close());

  describe.each(ways.filter(([way]) => way !== 'MLSD' || abilities[server].mlsd))('%s', (way, features, options) => {
    it('gives the same names, kinds and sizes', async () => {
      await using at = await plant(place, features);
      const entries = await all(at.ftp.entries$('all', options));
      expect(entries.map(({ name }) => name).sort()).toEqual(names);
      for (const { name, kind, size } of entries) expect([kind, size]).toEqual(['file', Buffer.byteLength(name)]);
    });

    it('lists each directory itself, and comes back', async () => {
      await using at = await plant(place, features);
      // Pure-FTPd's CWD refuses a backslash.
      const entered = directories.filter((name) => !(server === 'pure-ftpd' && way !== 'MLSD' && name.includes('\\')));
      for (const name of entered) {
        expect((await all(at.ftp.entries$(`each/${name}`, options))).map((entry) => entry.name)).toEqual([name]);
      }
      expect(await all(at.ftp.entries$('each/none', options))).toEqual([]);
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    });

    it('is an error for what is not there, and for a file', async () => {
      await using at = await plant(place, features);
      for (const path of ['missing', 'each/[y]', 'all/plain', 'all/a b']) {
        await expect(all(at.ftp.entries$(path, options))).rejects.toBeInstanceOf(FtpReplyError);
      }
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    });
  });

  it('tells the times to the second where that is asked for', async () => {
    await using at = await plant(place, []);
    for (const { precision, kind } of await all(at.ftp.entries$('all', { precise: true }))) {
      expect([precision, kind]).toEqual(['second', 'file']);
    }
  });
});
