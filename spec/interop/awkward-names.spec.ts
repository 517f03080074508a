/** One directory with awkward names in it, and directories of such names, by every way there is to list them. */
import { utimes } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesOptions } from '../../lib/client/operations/entries.js';
import { FtpError, FtpReplyError } from '../../lib/errors.js';
import { describeInterop, type InteropName, interopNames } from '../support/interop/interop-server.js';
import { manners } from '../support/interop/manners.js';
import { all } from '../support/interop/outcome.js';
import { type Visit, Workplace } from '../support/interop/workplace.js';

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
/** Not long ago, so that LIST names the minute. */
const modified = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 24 * 60 * 60 * 1000 + 17_000);
const directories = names.filter((name) => name.length < 100);

/** The ways to list, and which of them need MLSD. */
const ways: readonly (readonly [string, readonly string[] | 'ask', EntriesOptions])[] = [
  ['MLSD', 'ask', { hidden: true }],
  ['LIST', [], { hidden: true }],
  ['STAT', [], { hidden: true, via: 'stat' }],
];

/** Names of directories that CWD refuses, or misreads: ftp-srv leaves a quotation mark out of each command. */
const noCwd: Readonly<Partial<Record<InteropName, RegExp>>> = { 'pure-ftpd': /\\/, 'ftp-srv': /["\\]/ };
const noMlsd: typeof noCwd = { 'ftp-srv': /["\\]/ };

async function plant(place: Workplace, features: readonly string[] | 'ask'): Promise<Visit> {
  const files = Object.fromEntries([
    ...names.map((name) => [`all/${name}`, name]),
    ...directories.map((name) => [`each/${name}/${name}`, 'x']),
    ['each/none/', ''],
  ]);
  return place.visit(files, { features });
}

describeInterop(interopNames, (server) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(server, {});
  });
  afterAll(() => place?.close());

  describe.each(ways.filter(([way]) => way !== 'MLSD' || manners[server].mlsd))('%s', (way, features, options) => {
    it('gives the same names, kinds and sizes', async () => {
      await using at = await plant(place, features);
      const entries = await all(at.ftp.entries$('all', options));
      expect(entries.map(({ name }) => name).sort()).toEqual(names);
      for (const { name, kind, size } of entries) expect([kind, size]).toEqual(['file', Buffer.byteLength(name)]);
    });

    it('lists each directory itself, and comes back', async () => {
      await using at = await plant(place, features);
      const enters = (name: string): boolean => !(way === 'MLSD' ? noMlsd : noCwd)[server]?.test(name);
      for (const name of directories.filter(enters)) {
        expect((await all(at.ftp.entries$(`each/${name}`, options))).map((entry) => entry.name)).toEqual([name]);
      }
      expect(await all(at.ftp.entries$('each/none', options))).toEqual([]);
      for (const name of directories.filter((each) => !enters(each))) {
        await expect(all(at.ftp.entries$(`each/${name}`, options))).rejects.toBeInstanceOf(FtpError);
      }
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    });

    it('is an error for what is not there, and for a file', async () => {
      await using at = await plant(place, features);
      for (const path of ['missing', 'each/[y]', 'all/plain', 'all/a b', '-missing', '-m']) {
        await expect(all(at.ftp.entries$(path, options))).rejects.toBeInstanceOf(FtpReplyError);
      }
      // ftp-srv goes into `all`.
      await expect(all(at.ftp.entries$('all -m', options))).rejects.toBeInstanceOf(FtpError);
      expect(await all(at.ftp.pwd$())).toEqual([at.directory]);
    });
  });

  it('tells the times to the second where that is asked for', async () => {
    await using at = await plant(place, []);
    for (const name of names) await utimes(at.local(`all/${name}`), modified, modified);
    for (const entry of await all(at.ftp.entries$('all', { precise: true }))) {
      // MDTM of such a name may be of another file there.
      if (server === 'ftp-srv' && /["\\]/.test(entry.name)) expect(entry.precision).toBe('minute');
      else expect(entry).toMatchObject({ modified, precision: 'second', zoneKnown: true });
    }
  });
});
