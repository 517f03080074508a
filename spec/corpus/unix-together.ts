/** Listings of `ls -l` whose rows say together what one of them does not, and what may stand between the rows. */
import type { FileEntry } from '../../lib/protocol/index.js';
import { type CorpusListing, directory, file } from './corpus.js';

const ann: Partial<FileEntry> = { links: 1, owner: 'ann', group: 'staff', mode: 0o644 };
const annDirectory: Partial<FileEntry> = { ...ann, mode: 0o755 };
const rowOf = (date: string, name: string): string => `-rw-r--r--   1 ann staff  7 ${date} ${name}`;
const directoryOf = (name: string): string => `drwxr-xr-x   1 ann staff  7 Mar 10 12:00 ${name}`;
const recent = (name: string) => file(name, 7, '2024-03-10T12:00', ann);
const old = (name: string) => file(name, 7, '2024-03-10', ann);
const below = (name: string) => ({ ...directory(name, '2024-03-10T12:00', annDirectory), size: 7 });

const sums = ['total 8', 'Total 8', 'total: 8', 'total 1.2M', 'total 0', 'insgesamt 8', 'Gesamt 12', '总用量 8'].concat(
  ['合計 8', '합계 8', 'итого 8', 'totale 8', 'totaal 8', 'totalt 8', 'razem 8', 'celkem 8', 'yhteensä 8', 'toplam 8'],
  ['total 12 blocks', '總計 8', 'σύνολο 8', 'összesen 8', 'i alt 8', 'tổng cộng 8', 'samtals 8', 'всего 8'],
);

const decided: readonly CorpusListing[] = [
  {
    title: 'a year at the left of five columns',
    dialect: 'unix',
    lines: [rowOf('Mar 10 2024 ', 'a.txt'), rowOf('Mar 10 12:00', 'b.txt'), rowOf('Mar 10 2024 ', ' c.txt')],
    entries: [old('a.txt'), recent('b.txt'), old(' c.txt')],
  },
  {
    title: 'dates of ls --time-style=iso, which pads those without a time',
    dialect: 'unix',
    lines: [rowOf('2024-03-10 ', 'a.txt'), rowOf('03-10 12:00', '2024-03-11 b'), rowOf('2024-03-10 ', ' c.txt')],
    entries: [old('a.txt'), recent('2024-03-11 b'), old(' c.txt')],
  },
  {
    title: 'names that begin with a time, behind such padded dates',
    dialect: 'unix',
    lines: ['12:00 a', 'b', '9.47 c', ' 12:00 d', 'e', 'f', 'g'].map((name) => rowOf('2024-03-10 ', name)),
    entries: ['12:00 a', 'b', '9.47 c', ' 12:00 d', 'e', 'f', 'g'].map(old),
  },
  {
    title: 'two blanks before a time that may be of the name, in two rows',
    dialect: 'unix',
    lines: [rowOf('2024-03-10 ', '12:00 a'), rowOf('2024-03-10 ', '12:00 b')],
    entries: [],
    unparsed: [rowOf('2024-03-10 ', '12:00 a'), rowOf('2024-03-10 ', '12:00 b')],
  },
  {
    title: 'two blanks before the time of each of three rows',
    dialect: 'unix',
    lines: ['a', 'b', 'c'].map((name) => rowOf('2024-03-10 ', `12:00 ${name}`)),
    entries: ['a', 'b', 'c'].map(recent),
  },
  {
    title: 'a numeric date without a time that is not padded, and a name that begins with a blank',
    dialect: 'unix',
    lines: [rowOf('2024-03-10', ' a.txt'), rowOf('2024-03-10', 'b.txt')],
    entries: [old(' a.txt'), old('b.txt')],
  },
  {
    title: 'a day and a month without a year, in an order that makes no date',
    dialect: 'unix',
    lines: [rowOf('30-03 12:00', 'a.txt')],
    entries: [file('a.txt', 7, undefined, ann)],
  },
  { title: 'one such row', dialect: 'unix', lines: [rowOf('Mar 10 2024 ', 'a.txt')], entries: [old('a.txt')] },
  {
    title: 'a year at the right of five columns, and a name that begins with a blank',
    dialect: 'unix',
    lines: [rowOf('Mar 10  2024', ' a.txt'), rowOf('Mar 10 12:00', 'b.txt')],
    entries: [old(' a.txt'), recent('b.txt')],
  },
  {
    title: 'a year in four columns, and a name that begins with a blank',
    dialect: 'unix',
    lines: [rowOf('Mar 10 2024', ' a.txt'), rowOf('Mar 10 2024', 'b.txt')],
    entries: [old(' a.txt'), old('b.txt')],
  },
  {
    title: 'two blanks before every name',
    dialect: 'unix',
    lines: ['a', 'b', ' c'].map((name) => rowOf('Mar 10 12:00', ` ${name}`)),
    entries: [recent('a'), recent('b'), recent(' c')],
  },
  {
    title: 'two blanks before every name, of few rows with years and few with times',
    dialect: 'unix',
    lines: [...['a', 'b'].map((name) => rowOf('Mar 10 12:00', ` ${name}`)), rowOf('Mar 10  2024', ' c')],
    entries: [recent('a'), recent('b'), old('c')],
  },
  {
    title: 'OS/400 with LISTFMT 1: one more blank behind years',
    dialect: 'unix',
    lines: [...['a', 'b', 'c'].map((name) => rowOf('Mar 10  2024', ` ${name}`)), rowOf('Mar 10 12:00', 'd')],
    entries: [old('a'), old('b'), old('c'), recent('d')],
  },
  {
    title: 'a name that begins with a blank',
    dialect: 'unix',
    lines: [directoryOf('.'), rowOf('Mar 10 12:00', ' a'), rowOf('Mar 10 12:00', '  b')],
    entries: [recent(' a'), recent('  b')],
  },
  {
    title: 'a time behind the year',
    dialect: 'unix',
    lines: [rowOf('Mar 10 2024 12:00', 'a'), rowOf('Mar 10 2024 12:00', '12:00')],
    entries: [recent('a'), recent('12:00')],
  },
  {
    title: 'names that begin with a time, behind the year',
    dialect: 'unix',
    lines: [rowOf('Mar 10 2024', '12:00 a'), rowOf('Mar 10 2024', 'b')],
    entries: [old('12:00 a'), old('b')],
  },
  {
    title: 'day first, with year and time',
    dialect: 'unix',
    lines: [rowOf('10 Mar 2024 12:00', 'a'), rowOf('10 Mar 2024 12:00', 'b')],
    entries: [recent('a'), recent('b')],
  },
  {
    title: 'a date that is none, among others',
    dialect: 'unix',
    lines: [rowOf('Mar 10 12:00', 'a'), rowOf('000 12 13:14', 'f'), rowOf('Foo 12 2024', 'g h')],
    entries: [recent('a'), file('f', 7, undefined, ann), file('g h', 7, undefined, ann)],
  },
];

const between: readonly CorpusListing[] = [
  ...sums.map((sum) => ({
    title: `the sum ${sum}`,
    dialect: 'unix' as const,
    lines: [sum, directoryOf('.'), directoryOf('..'), '', '   ', rowOf('Mar 10 12:00', 'a')],
    entries: [recent('a')],
  })),
  {
    title: 'ls -R',
    dialect: 'unix',
    lines: ['.:', 'total 8', rowOf('Mar 10 12:00', 'a'), directoryOf('sub'), '', './sub:', 'total 4'].concat([
      directoryOf('.'),
      rowOf('Mar 10 12:00', 'b'),
      './sub/sub two:',
      rowOf('Mar 10 12:00', 'c'),
      './empty:',
    ]),
    entries: [recent('a'), below('sub'), recent('sub/b'), recent('sub/sub two/c')],
  },
  {
    title: 'ls -R of a path',
    dialect: 'unix',
    lines: ['/pub:', rowOf('Mar 10 12:00', 'a'), '/pub/sub:', rowOf('Mar 10 12:00', 'b')],
    entries: [recent('a'), recent('sub/b')],
  },
  {
    title: 'ls -R of a name with blanks',
    dialect: 'unix',
    lines: ['my docs:', 'total 8', rowOf('Mar 10 12:00', 'a'), '', 'my docs/sub two:', rowOf('Mar 10 12:00', 'b')],
    entries: [recent('a'), recent('sub two/b')],
  },
  {
    title: 'ls -R, and a name with a colon and a blank',
    dialect: 'unix',
    lines: ['.:', rowOf('Mar 10 12:00', 'a'), '', './sub: two:', 'total 8', rowOf('Mar 10 12:00', 'b')],
    entries: [recent('a'), recent('sub: two/b')],
  },
  {
    title: 'a message with a colon at its end',
    dialect: 'unix',
    lines: ['You may not do this:', rowOf('Mar 10 12:00', 'a')],
    entries: [recent('a')],
    unparsed: ['You may not do this:'],
  },
  ...['', 'pub/', '/pub/', './', '../', 'my pub/'].map(
    (root): CorpusListing => ({
      title: `ls -R without a heading for the first, and with paths that begin with "${root}"`,
      dialect: 'unix',
      lines: [
        ...[directoryOf('my docs'), directoryOf('sub'), rowOf('Mar 10 12:00', 'a'), ''],
        ...[`${root}my docs:`, 'total 8', rowOf('Mar 10 12:00', 'b'), directoryOf('c d'), ''],
        ...[`${root}my docs/c d:`, rowOf('Mar 10 12:00', 'e'), '', `${root}sub:`, '', 'warning:'],
        rowOf('Mar 10 12:00', 'f'),
      ],
      entries: [
        ...[below('my docs'), below('sub'), recent('a'), recent('my docs/b'), below('my docs/c d')],
        ...[recent('my docs/c d/e'), recent('sub/f')],
      ],
      unparsed: ['warning:'],
    }),
  ),
  {
    title: 'ls -R of many directories without a heading for the first',
    dialect: 'unix',
    lines: [
      ...Array.from({ length: 70 }, (_, index) => directoryOf(`d${index}`)),
      ...['d0:', rowOf('Mar 10 12:00', 'a'), 'd69:', rowOf('Mar 10 12:00', 'b')],
    ],
    entries: [...Array.from({ length: 70 }, (_, index) => below(`d${index}`)), recent('d0/a'), recent('d69/b')],
  },
  {
    title: 'ls -R without a heading for the first',
    dialect: 'unix',
    lines: [rowOf('Mar 10 12:00', 'a'), './sub:', rowOf('Mar 10 12:00', 'b')],
    entries: [recent('a'), recent('sub/b')],
  },
  {
    title: 'ls -R of a name',
    dialect: 'unix',
    lines: ['pub:', rowOf('Mar 10 12:00', 'a'), 'pub/sub:', rowOf('Mar 10 12:00', 'b')],
    entries: [recent('a'), recent('sub/b')],
  },
  ...[false, true].map((named) => ({
    title: `a message, ls -R of a name, and a sum; the dialect is ${named ? 'named' : 'found out'}`,
    dialect: 'unix' as const,
    named,
    lines: [
      'ls: x: No such file',
      'pub:',
      'total 8',
      rowOf('Mar 10 12:00', 'a'),
      'pub/sub:',
      rowOf('Mar 10 12:00', 'b'),
    ],
    entries: [recent('a'), recent('sub/b')],
    unparsed: ['ls: x: No such file'],
  })),
  {
    title: 'a name and a colon behind rows, or before none',
    dialect: 'unix',
    named: true,
    lines: ['forbidden:', '写真2024', rowOf('Mar 10 12:00', 'a'), 'forbidden:', 'total2024'],
    entries: [recent('a')],
    unparsed: ['forbidden:', '写真2024', 'forbidden:', 'total2024'],
  },
  {
    title: 'a reply to STAT',
    dialect: 'unix',
    lines: ['213-Status of /pub:', ` ${rowOf('Mar 10 12:00', 'a')}`, rowOf('Mar 10 12:00', 'b'), '213 End of status'],
    entries: [recent('a'), recent('b')],
  },
  {
    title: 'a reply to STAT with its code in each line',
    dialect: 'unix',
    lines: ['211-Status:', `211-${rowOf('Mar 10 12:00', 'a')}`, `211-${rowOf('Mar 10 12:00', '211-b')}`, '211 End'],
    entries: [recent('a'), recent('211-b')],
  },
  {
    title: 'a reply to STAT that has no end',
    dialect: 'unix',
    lines: ['213-Status of /pub:', '213 one', rowOf('Mar 10 12:00', 'a')],
    entries: [recent('a')],
    unparsed: ['213 one', '213-Status of /pub:'],
  },
  {
    title: 'messages of ls',
    dialect: 'unix',
    lines: ['ls: x: No such file or directory', rowOf('Mar 10 12:00', 'a'), 'ls: cannot open directory y:'],
    entries: [recent('a')],
    unparsed: ['ls: x: No such file or directory', 'ls: cannot open directory y:'],
  },
  {
    title: 'rows that end in the middle',
    dialect: 'unix',
    lines: [rowOf('Mar 10 12:00', 'a'), '-rw-r--r-- 1 ann st', '-rw-r--r-- 1 ann staff 7 Mar 10', 'drwx'],
    entries: [recent('a')],
    unparsed: ['-rw-r--r-- 1 ann st', '-rw-r--r-- 1 ann staff 7 Mar 10', 'drwx'],
  },
];

/** Dates in forms that are not known. */
const unknown = ['11-20 20:06:07', '24-01-15 10:33', '01/15/24 10:33', '2024-11-20T11', 'Nov 20 11u05'];

const datesInNames: readonly CorpusListing[] = [
  ...[
    ['-rw-r--r--  1234 Nov 20 11:05 2023-05-06 backup.zip', {}] as const,
    ['-rw-r--r-- 1 ann staff 1234 Nov 20 11:05 2023-05-06 backup.zip', ann] as const,
    ['-rw-r--r-- 1 ann 1234 Nov 20 11:05 2023-05-06 backup.zip', { ...ann, group: undefined }] as const,
  ].map(([line, more]) => ({
    title: line,
    dialect: 'unix' as const,
    lines: [line],
    entries: [file('2023-05-06 backup.zip', 1234, '2024-11-20T11:05', { mode: 0o644, ...more })],
  })),
  ...unknown
    .flatMap((date) => [
      `-rw-r--r-- 1 ann staff 1234 ${date} 2023-05-06 backup.zip`,
      `-rw-r--r-- 1 ann staff 1234 ${date} my 2023-05-06 backup.zip`,
      `-rw-r--r-- 1 ann staff 1234 ${date} 12 2023-05-06 backup.zip`,
      `-rw-r--r-- 1 ann 1234 ${date} 2023-05-06 backup.zip`,
      `-rw-r--r-- 1234 ${date} 2023-05-06 backup.zip`,
    ])
    .concat('-rw-r--r-- 1 ann 1234 Foo 20 11:05 2023-05-06 backup.zip')
    .map((line) => ({ title: line, dialect: 'unix' as const, lines: [line], entries: [], unparsed: [line] })),
];

const odd: readonly CorpusListing[] = [
  {
    title: 'users that are called as months are',
    dialect: 'unix',
    lines: [
      '-rw-r--r-- 1 jan 10 4096 Nov 20 11:05 a',
      '-rw-r--r-- 1 may 12 2024 Nov 20  2019 b c',
      '-rw-r--r-- 1 12 may 2024 Nov 20 11:05 d',
      '-rw-r--r-- 7 Nov 20 11:05 e',
      '-rw-r--r-- 7 Nov 20  2019 f',
    ],
    entries: [
      file('a', 4096, '2024-11-20T11:05', { ...ann, owner: 'jan', group: '10' }),
      file('b c', 2024, '2019-11-20', { ...ann, owner: 'may', group: '12' }),
      file('d', 2024, '2024-11-20T11:05', { ...ann, owner: '12', group: 'may' }),
      file('e', 7, '2024-11-20T11:05', { mode: 0o644 }),
      file('f', 7, '2019-11-20', { mode: 0o644 }),
    ],
  },
  {
    title: 'rows without dates',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 ann staff 7 a.txt', 'drwxr-xr-x 1 ann staff 7 docs', '-rw-r--r-- 1 ann 7 b.txt'],
    entries: [
      file('a.txt', 7, undefined, ann),
      { ...directory('docs', undefined, annDirectory), size: 7 },
      file('b.txt', 7, undefined, { ...ann, group: undefined }),
    ],
  },
  {
    title: 'rows that may have dates in words that are not known',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 ann staff 7 a.txt', '-rw-r--r-- 1 ann staff 7 20XX/Foo b.txt'],
    entries: [],
    unparsed: ['-rw-r--r-- 1 ann staff 7 a.txt', '-rw-r--r-- 1 ann staff 7 20XX/Foo b.txt'],
  },
  {
    title: 'a row without a date among others',
    dialect: 'unix',
    lines: [rowOf('Mar 10 12:00', 'a'), '-rw-r--r-- 1 ann staff 7 b'],
    entries: [recent('a')],
    unparsed: ['-rw-r--r-- 1 ann staff 7 b'],
  },
  ...[
    ['1, 3', 'a blank between'],
    ['1,  3', 'two blanks between'],
    ['0,27', 'none between'],
    ['109,767', 'three digits each'],
  ].map(([numbers, how]) => ({
    title: `device numbers with ${how}`,
    dialect: 'unix' as const,
    lines: [`crw-rw-rw- 1 root tty ${numbers} Nov 20 11:05 null`, `brw-rw---- 1 root disk ${numbers} Nov 20  2020 sda`],
    entries: [
      { ...file('null', undefined, '2024-11-20T11:05', { mode: 0o666 }), kind: 'other' as const },
      { ...file('sda', undefined, '2020-11-20', { mode: 0o660 }), kind: 'other' as const },
    ].map((entry, index) => ({
      ...entry,
      more: { ...entry.more, links: 1, owner: 'root', group: index === 0 ? 'tty' : 'disk' },
    })),
  })),
  {
    title: 'an external link of z/OS',
    dialect: 'unix',
    lines: ['erwxrwxrwx 1 BPXROOT SYS1 8 Feb  1  2006 ext -> MYPROG'],
    entries: [
      {
        ...file('ext', 8, '2006-02-01', { links: 1, owner: 'BPXROOT', group: 'SYS1', mode: 0o777, target: 'MYPROG' }),
        kind: 'other',
      },
    ],
  },
  {
    title: 'links whose names have arrows',
    dialect: 'unix',
    lines: [
      'lrwxrwxrwx 1 ann staff 1 Mar 10 12:00 a -> b -> c',
      'lrwxrwxrwx 1 ann staff 6 Mar 10 12:00 a -> b -> c',
      'lrwxrwxrwx 1 ann staff 99 Mar 10 12:00 a -> b -> c',
      'lrwxrwxrwx 1 ann staff 3 Mar 10 12:00 a -> b -> ä/',
      'lrwxrwxrwx 1 ann staff 3 Mar 10 12:00 followed',
      'lrwxrwxrwx 1 ann staff 3 Mar 10 12:00 a ->',
      'lrwxrwxrwx 1 ann staff 7 Mar 10 12:00 dir -> /a dir/',
    ],
    entries: (
      [
        ['a -> b', 'c', 1],
        ['a', 'b -> c', 6],
        ['a', 'b -> c', 99],
        ['a -> b', 'ä/', 3],
        ['followed', undefined, 3],
        ['a ->', undefined, 3],
        ['dir', '/a dir/', 7],
      ] as const
    ).map(([name, target, size]) => ({
      ...file(name, size, '2024-03-10T12:00', { ...ann, mode: 0o777, target }),
      kind: 'symlink' as const,
    })),
  },
  {
    title: 'columns that run together',
    dialect: 'unix',
    lines: [
      '-rw-r--r-- 1 bobgroup123456 Mar 10 12:00 x',
      'drwxr-xr-x1002 ann staff 7 Mar 10 12:00 y',
      'drwxrwx   2  10      4096 Jan  1 00:00 z',
    ],
    entries: [
      file('x', undefined, '2024-03-10T12:00', { links: 1, owner: 'bobgroup123456', mode: 0o644 }),
      { ...directory('y', '2024-03-10T12:00', { ...annDirectory, links: 1002 }), size: 7 },
      { ...directory('z', '2024-01-01T00:00', { links: 2, owner: '10' }), size: 4096 },
    ],
  },
  {
    title: 'rows with tabs between columns, and indented rows',
    dialect: 'unix',
    lines: ['-rw-r--r--\t1\tann\tstaff\t7\tMar 10 12:00\ta b', `  ${rowOf('Mar 10 12:00', 'c')}`],
    entries: [recent('a b'), recent('c')],
  },
  {
    title: 'a server in Berlin',
    dialect: 'unix',
    timeZone: 'Europe/Berlin',
    lines: [rowOf('Jul 10 12:00', 'summer'), rowOf('Jan 10 12:00', 'winter')],
    entries: [file('summer', 7, '2024-07-10T10:00', ann), file('winter', 7, '2024-01-10T11:00', ann)],
  },
  {
    title: 'a server five hours behind UTC',
    dialect: 'unix',
    timeZone: -300,
    lines: [rowOf('Jul 10 12:00', 'a')],
    entries: [file('a', 7, '2024-07-10T17:00', ann)],
  },
];

export const unixTogether: readonly CorpusListing[] = [...decided, ...between, ...datesInNames, ...odd];
