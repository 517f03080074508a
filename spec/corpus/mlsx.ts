/** Rows of MLSD and MLST. */
import { type CorpusListing, directory, type ExpectedEntry, file } from './corpus.js';

const listing = (
  title: string,
  lines: readonly string[],
  entries: readonly ExpectedEntry[],
  unparsed?: readonly string[],
) =>
  ({
    title,
    dialect: 'mlsx',
    named: true,
    lines,
    entries: entries.map((entry) => ({ ...entry, more: { zoneKnown: entry.modified !== undefined, ...entry.more } })),
    ...(unparsed === undefined ? {} : { unparsed }),
  }) satisfies CorpusListing;
const one = (line: string, entry: ExpectedEntry): CorpusListing => listing(line, [line], [entry]);
const precise = (entry: ExpectedEntry): ExpectedEntry => ({ ...entry, precision: 'second' });
const T = '2024-11-20T11:05:06';

const single: readonly CorpusListing[] = [
  one('type=file;size=7;modify=20241120110506; a.txt', file('a.txt', 7, T)),
  one('Type=FILE;Size=7;Modify=20241120110506; A.txt', file('A.txt', 7, T)),
  one('modify=20241120110506;type=file;size=7; order', file('order', 7, T)),
  one('type=file;size=7 no last semicolon', file('no last semicolon', 7)),
  one('type=file;size=7;\tmy a.txt', file('my a.txt', 7)),
  one('Type=file;Size=1; name', file('name', 1)),
  one('type=file;size=1;  two blanks', file(' two blanks', 1)),
  one('type=file;size=1; size=2; a', file('size=2; a', 1)),
  one('type=file;size=7 a; b', file('a; b', 7)),
  one('type=file;UNIX.ownername=Ann Lee; a name', file('a name', undefined, undefined, { owner: 'Ann Lee' })),
  one('type=file;UNIX.owner=1000 a;b=c; d', file('a;b=c; d', undefined, undefined, { owner: '1000' })),
  one('type=file;UNIX.groupname=domain users;size=7; a; b', file('a; b', 7, undefined, { group: 'domain users' })),
  ...['type=file; size=1; a', 'type=file ;size=1; a', 'type = file; size = 1; a', '  type=file;size=1; a'].map((line) =>
    listing(`two readings: ${line}`, ['type=dir; d', line], [directory('d')], [line]),
  ),
  one('type=file;modify=20241120110506.789; fraction', file('fraction', undefined, '2024-11-20T11:05:06.789')),
  one(
    'type=file;modify=191241120110506; year of the bug',
    precise(file('year of the bug', undefined, '2024-11-20T11:05:06')),
  ),
  one('type=file;modify=20240230000000; no day', file('no day')),
  one('type=file;size=-1;modify=now; nonsense', file('nonsense')),
  one('type=file;size=99999999999999999999; huge', file('huge')),
  one(
    'type=file;create=20230102030405; created',
    file('created', undefined, undefined, { created: new Date('2023-01-02T03:04:05Z') }),
  ),
  one('type=dir;sizd=4096; sizd', { ...directory('sizd'), size: 4096 }),
  one('type=dir;size=4096; size', { ...directory('size'), size: 4096 }),
  one('type=file;UNIX.mode=0644; mode of four', file('mode of four', undefined, undefined, { mode: 0o644 })),
  one('type=file;UNIX.mode=755; mode of three', file('mode of three', undefined, undefined, { mode: 0o755 })),
  one('type=file;UNIX.mode=99; no mode', file('no mode')),
  one('type=file;UNIX.uid=1;UNIX.gid=2; ids', file('ids', undefined, undefined, { owner: '1', group: '2' })),
  one(
    'type=file;UNIX.owner=ann;UNIX.group=staff; o',
    file('o', undefined, undefined, { owner: 'ann', group: 'staff' }),
  ),
  one(
    'type=file;UNIX.ownername=ann;UNIX.owner=1;UNIX.groupname=staff; n',
    file('n', undefined, undefined, { owner: 'ann', group: 'staff' }),
  ),
  one('type=file;unique=fd01g1;perm=adfrw; unique', file('unique', undefined, undefined, { unique: 'fd01g1' })),
  one('type=OS.unix=slink:/target; link', { name: 'link', kind: 'symlink', more: { target: '/target' } }),
  one('Type=OS.unix=slink:/my docs/b;UNIX.mode=0777; a link', {
    name: 'a link',
    kind: 'symlink',
    more: { target: '/my docs/b', mode: 0o777 },
  }),
  one('type=OS.unix=slink:; link', { name: 'link', kind: 'symlink' }),
  one('type=OS.unix=slink; link', { name: 'link', kind: 'symlink' }),
  one('type=OS.unix=symlink; link', { name: 'link', kind: 'symlink' }),
  one('type=link; link', { name: 'link', kind: 'symlink' }),
  one('type=OS.unix=chr-13/29; null', { name: 'null', kind: 'other' }),
  one('type=OS.unix=blk-8/0; sda', { name: 'sda', kind: 'other' }),
  one('type=OS.mvs=pds; LIB', { name: 'LIB', kind: 'other' }),
  one('size=7; no type', { name: 'no type', kind: 'other', size: 7 }),
  one(' no facts', { name: 'no facts', kind: 'other' }),
  one('type=file;  leading', file(' leading')),
  one('type=file; trailing ', file('trailing ')),
  one('type=file; a; b=c', file('a; b=c')),
  one('type=file; a;\tb', file('a;\tb')),
  one('type=file; /an/absolute/path', file('/an/absolute/path')),
  one('type=file; ./dotted', file('./dotted')),
  one('type=file; \udcfc', file('\udcfc')),
  one('type=file;lang=en;media-type=text/plain;charset=UTF-8; others', file('others')),
];

const link = (name: string, target?: string): ExpectedEntry => ({
  name,
  kind: 'symlink',
  more: { unique: '8U7', target },
});

const several: readonly CorpusListing[] = [
  listing('itself and its parent', ['type=cdir; /pub', 'type=pdir; ..', 'type=dir; .', 'type=dir; ..'], []),
  listing('no rows at all', [''], []),
  listing(
    'a user whose name may have a blank, where last facts have no semicolon',
    ['type=file;UNIX.ownername=ann b', 'type=file;UNIX.ownername=ann c; d'],
    [file('b', undefined, undefined, { owner: 'ann' })],
    ['type=file;UNIX.ownername=ann c; d'],
  ),
  listing(
    'a user whose name may have a blank, before a row whose last fact has no semicolon',
    ['type=file;UNIX.ownername=ann c; d', ' e', 'type=file;UNIX.ownername=ann b'],
    [{ name: 'e', kind: 'other' }, file('b', undefined, undefined, { owner: 'ann' })],
    ['type=file;UNIX.ownername=ann c; d'],
  ),
  listing(
    'a user whose name has a blank, before a row whose last fact has a semicolon',
    ['type=file;UNIX.ownername=ann c; d', ' e', 'type=cdir;UNIX.ownername=bob; .', 'type=file;UNIX.ownername=bob; f'],
    [
      file('d', undefined, undefined, { owner: 'ann c' }),
      { name: 'e', kind: 'other' },
      file('f', undefined, undefined, { owner: 'bob' }),
    ],
  ),
  listing(
    'a link of a user whose name has a blank, and its target',
    [
      'type=OS.unix=symlink;unique=8U7;UNIX.ownername=ann c; x',
      'type=dir;unique=8U7;UNIX.ownername=ann c; /home/y',
      'type=file; f',
    ],
    [{ ...link('x', '/home/y'), more: { unique: '8U7', target: '/home/y', owner: 'ann c' } }, file('f')],
  ),
  listing(
    'values that are not whole before a blank, where others end in a semicolon',
    ['type=file; a', 'type=file;modify=2020 1015143904; b', 'type=file;UNIX.ownername=Ann Lee c', 'type=file;size=7 d'],
    [file('a'), file('d', 7)],
    ['type=file;modify=2020 1015143904; b', 'type=file;UNIX.ownername=Ann Lee c'],
  ),
  {
    ...listing(
      'rows within LIST that have an equals sign, but no fact',
      ['type=file; a', 'drwx=xr-x 2 ann staff 7 Nov 20 11:05 b', 'error=1 while c'],
      [file('a')],
      ['drwx=xr-x 2 ann staff 7 Nov 20 11:05 b', 'error=1 while c'],
    ),
    named: false,
  },
  listing(
    'a target behind its link',
    ['type=OS.unix=symlink;unique=8U7; x', 'type=dir;unique=8U7; /home/y'],
    [link('x', '/home/y')],
  ),
  listing(
    'a target before its link',
    ['type=dir;unique=8U7; /home/y', 'type=OS.unix=symlink;unique=8U7; x'],
    [link('x', '/home/y')],
  ),
  listing('a link without a target', ['type=OS.unix=symlink;unique=8U7; x', 'type=file; a'], [link('x'), file('a')]),
  listing(
    'a link, another file, the target',
    ['type=OS.unix=symlink;unique=8U7; x', 'type=file; a', 'type=file;unique=8U7; ../y'],
    [link('x', '../y'), file('a')],
  ),
  listing(
    'two names of one file',
    ['type=file;unique=1; a', 'type=file;unique=1; b'],
    [file('a', undefined, undefined, { unique: '1' }), file('b', undefined, undefined, { unique: '1' })],
  ),
  listing(
    'rows that are none',
    ['type=file; a', 'nonsense', 'type=file;', 'type=file; \0'],
    [file('a')],
    ['nonsense', 'type=file;', 'type=file; \0'],
  ),
  { ...listing('within LIST', ['type=cdir; .', 'type=file;size=7; a b'], [file('a b', 7)]), named: false },
];

export const mlsxListings: readonly CorpusListing[] = [...single, ...several];
