/** Forty names that a server should not list, in each format of listings: none leads out of the tree, and the rest is there. */
import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FtpError, FtpProtocolError } from '../../../lib/index.js';
import { printable } from '../../../lib/protocol/printable.js';
import { FtpTreeError, remote, removeTree$, type TreeEntry, walk$ } from '../../../lib/recipes/index.js';
import { posixNames, windowsNames } from '../../../lib/recipes/tree/names.js';
import { type Observation, observe } from '../../support/observe.js';
import { listingStage } from './support/listing-server.js';

const HOSTILE: readonly string[] = [
  ...['.', '..', '/', '//', '../..', '../x', './x', 'a/../b', 'a/b', '/etc/passwd', '//host/share/x', '~/x'],
  ...['..\\x', 'a\\..\\..\\b', '\\x', '\\\\host\\share', 'C:\\x', 'C:x', 'C:', 'x:stream', 'x::$DATA', '..:x'],
  ...['a\0b', '..\0', '\0', 'a\nb', 'a\rb', '..\r', '\x1b[2Jx', '\u202egnp.exe'],
  ...['CON', 'nul.txt', 'LPT1', 'COM\u00b9', 'x.', 'x ', ' ..', '.. ', `${'x'.repeat(300)}`, 'a"<>|?*'],
];

interface Format {
  readonly name: string;
  readonly verb: 'MLSD' | 'LIST';
  row(name: string): string;
  directory(name: string): string;
}

const FORMATS: readonly Format[] = [
  {
    ...{ name: 'MLSD', verb: 'MLSD' },
    row: (name) => `type=file;size=1;modify=20240203040506; ${name}`,
    directory: (name) => `type=dir;modify=20240203040506; ${name}`,
  },
  {
    ...{ name: 'ls -l', verb: 'LIST' },
    row: (name) => `-rw-r--r--   1 ftp      ftp             1 Feb  3  2024 ${name}`,
    directory: (name) => `drwxr-xr-x   2 ftp      ftp          4096 Feb  3  2024 ${name}`,
  },
  {
    ...{ name: 'dir of Windows', verb: 'LIST' },
    row: (name) => `02-03-24  04:05AM                    1 ${name}`,
    directory: (name) => `02-03-24  04:05AM       <DIR>          ${name}`,
  },
  {
    ...{ name: 'EPLF', verb: 'LIST' },
    row: (name) => `+r,s1,m825718503,\t${name}`,
    directory: (name) => `+/,m825718503,\t${name}`,
  },
  {
    ...{ name: 'NetWare', verb: 'LIST' },
    row: (name) => `- [RWCEAFMS] ann   1 Jan 16  2020 ${name}`,
    directory: (name) => `d [RWCEAFMS] ann   512 Jan 16  2020 ${name}`,
  },
  {
    ...{ name: 'OS/2', verb: 'LIST' },
    row: (name) => `     1      A          04-06-97  15:15  ${name}`,
    directory: (name) => `     0           DIR   12-30-97  12:32  ${name}`,
  },
  {
    ...{ name: 'OS/400', verb: 'LIST' },
    row: (name) => `ANN             1 24/02/03 04:05:06 *STMF      ${name}`,
    directory: (name) => `ANN          8192 24/02/03 04:05:06 *DIR       ${name}/`,
  },
  {
    ...{ name: 'MacOS of old', verb: 'LIST' },
    row: (name) => `-rw-r--r-- 10 20 30 Nov 22  1995 ${name}`,
    directory: (name) => `drwxr-xr-x folder 2 Nov 22  1995 ${name}`,
  },
];

const DISKS = [
  ['POSIX', posix, posixNames],
  ['Windows', win32, windowsNames],
] as const;

it('are forty', () => {
  expect(new Set(HOSTILE).size).toBe(40);
});

/** One directory lists all of them between two good ones, as files or as directories. */
async function walked({ verb, row, directory }: Format, as: 'row' | 'directory'): Promise<Observation<TreeEntry>> {
  const hostile = HOSTILE.map(as === 'row' ? row : directory);
  await using stage = await listingStage(verb, {
    '/top': [row('before'), directory('sub'), ...hostile, row('behind')],
    '/top/sub': [row('inner')],
  });
  const walk = observe(walk$(remote(stage.ftp, '/top')));
  await walk.ended;
  for (const path of stage.listed) expect(posix.normalize(path)).toMatch(/^\/top/);
  return walk;
}

describe.each(FORMATS)('hostile names in $name', (format) => {
  it.each(DISKS)('stay below a local root on %s, or are refused', async (_disk, path, rules) => {
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
    for (const path of ['before', 'sub', 'sub/inner', 'behind']) expect(paths).toContain(path);
    expect(end).toBe('error');
    expect(error).toBeInstanceOf(FtpTreeError);
    const { errors } = error as FtpTreeError;
    for (const each of errors) expect(each).toBeInstanceOf(FtpError);
    expect(errors.filter((each) => each instanceof FtpProtocolError).map(({ path }) => path)).toContain('a/b');
    for (const { message } of [error as FtpTreeError, ...errors]) expect(message).toBe(printable(message, 10_000));
  });
});

describe('removeTree$', () => {
  it.each(FORMATS)('removes nothing outside of its root by hostile names in $name', async ({
    verb,
    row,
    directory,
  }) => {
    const rows = HOSTILE.flatMap((name) => [row(name), directory(name)]);
    await using stage = await listingStage(verb, { '/': [directory('top')], '/top': [row('good'), ...rows] });
    const removed: string[] = [];
    for (const command of ['DELE', 'RMD'] as const) {
      stage.server.on(command, async (session, argument) => {
        if (argument === '/top') return session.reply('550 It is a directory with files.');
        removed.push(argument);
        return session.reply('250 Removed.');
      });
    }
    await observe(removeTree$(stage.ftp, '/top')).ended;
    expect(removed).toContain('/top/good');
    for (const path of removed) {
      expect(posix.dirname(posix.normalize(path))).toBe('/top');
      expect(win32.dirname(win32.normalize(path))).toMatch(/^\\top/);
    }
  });
});
