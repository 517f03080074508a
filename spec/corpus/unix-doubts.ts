/** Listings of `ls -l` in which a row by itself can be read in two ways, and rows with numbers before their permissions. */
import type { FileEntry } from '../../lib/protocol/index.js';
import { type CorpusListing, directory, file } from './corpus.js';

const ann: Partial<FileEntry> = { links: 1, owner: 'ann', group: 'staff', mode: 0o644 };
const rowOf = (date: string, name: string): string => `-rw-r--r-- 1 ann staff 7 ${date} ${name}`;
const day = (name: string, modified = '2019-03-01') => file(name, 7, modified, ann);

/** What is behind a whole day may be a time, or a name that begins with one. */
const dayTimes: readonly CorpusListing[] = [
  {
    title: 'names that begin with a time, where most days have none',
    dialect: 'unix',
    lines: ['10:30 meeting', 'a.txt', 'b.txt', '9:15 call', 'c d'].map((name) => rowOf('2019-03-01', name)),
    entries: ['10:30 meeting', 'a.txt', 'b.txt', '9:15 call', 'c d'].map((name) => day(name)),
  },
  {
    title: 'a name that begins with a time, behind many days without one',
    dialect: 'unix',
    lines: ['a', 'b', 'c', 'd', '10:30 meeting'].map((name) => rowOf('2019.03.01', name)),
    entries: ['a', 'b', 'c', 'd', '10:30 meeting'].map((name) => day(name)),
  },
  {
    title: 'times with dots in all of three rows',
    dialect: 'unix',
    lines: ['a', 'b c', '9.15 d'].map((name) => rowOf('1.3.2019 10.30', name)),
    entries: ['a', 'b c', '9.15 d'].map((name) => day(name, '2019-03-01T10:30')),
  },
  {
    title: 'times with dots in two rows',
    dialect: 'unix',
    lines: ['a', 'b'].map((name) => rowOf('1.3.2019 10.30', name)),
    entries: [],
    unparsed: ['a', 'b'].map((name) => rowOf('1.3.2019 10.30', name)),
  },
  {
    title: 'a name that begins with a number with a dot, where days have no time',
    dialect: 'unix',
    lines: ['a', 'b', '10.30 c', 'd'].map((name) => rowOf('1.3.2019', name)),
    entries: ['a', 'b', '10.30 c', 'd'].map((name) => day(name)),
  },
  {
    title: 'a time in one row of two',
    dialect: 'unix',
    lines: [rowOf('2019-03-01', '10:30 meeting'), rowOf('2019-03-02', 'a.txt')],
    entries: [day('a.txt', '2019-03-02')],
    unparsed: [rowOf('2019-03-01', '10:30 meeting')],
  },
  {
    title: 'times in most rows',
    dialect: 'unix',
    lines: ['a', 'b', 'c', 'd'].map((name) => rowOf('2019-03-01 10:30', name)).concat(rowOf('2019-03-01', 'e')),
    entries: [day('e')],
    unparsed: ['a', 'b', 'c', 'd'].map((name) => rowOf('2019-03-01 10:30', name)),
  },
  {
    title: 'days padded to the width of a time',
    dialect: 'unix',
    lines: [
      rowOf('2019-03-01 10:30', 'a'),
      rowOf('2019-03-01      ', 'b'),
      rowOf('2019-03-01      ', 'c'),
      rowOf('2019-03-01      ', 'd'),
    ],
    entries: [day('a', '2019-03-01T10:30'), day('b'), day('c'), day('d')],
  },
  {
    title: 'a day in full beside days of this year',
    dialect: 'unix',
    lines: [rowOf('03-10 12:00', 'a'), rowOf('2023-11-20 ', '10:30 b')],
    entries: [day('a', '2024-03-10T12:00')],
    unparsed: [rowOf('2023-11-20 ', '10:30 b')],
  },
  {
    title: 'times that a zone shows to be of the date',
    dialect: 'unix',
    lines: [rowOf('2019-03-01 10:30:00 +0000', 'a'), rowOf('2019-03-01 10:30:00', 'b'), rowOf('2019-03-01', 'c')],
    entries: [
      file('a', 7, '2019-03-01T10:30:00', { ...ann, zoneKnown: true }),
      day('b', '2019-03-01T10:30:00'),
      day('c'),
    ],
  },
  {
    title: 'times that the directory itself shows to be of the date',
    dialect: 'unix',
    lines: ['drwxr-xr-x 2 ann staff 7 2019-03-01 10:30 .', rowOf('2019-03-01 10:30', 'a'), rowOf('2019-03-01', 'b')],
    entries: [day('a', '2019-03-01T10:30'), day('b')],
  },
];

const yearRow = (size: string, name: string): string => `-rw-r--r-- 1 ann staff ${size} Mar 1 10:30 ${name}`;
const bare = { links: 1, mode: 0o644 };

/** A year before a month may be the size, behind a group in numbers. */
const years: readonly CorpusListing[] = [
  {
    title: 'a year before the month in all rows',
    dialect: 'unix',
    lines: [yearRow('10240 2019', 'a'), yearRow('7 2020', 'b'), yearRow('512 2024', 'c')],
    entries: [
      file('a', 10_240, '2019-03-01T10:30', ann),
      file('b', 7, '2020-03-01T10:30', ann),
      file('c', 512, '2024-03-01T10:30', ann),
    ],
  },
  {
    title: 'a number like a year before the month in one row',
    dialect: 'unix',
    lines: [yearRow('10240 2019', 'a')],
    entries: [file('a', undefined, undefined, bare)],
  },
  {
    title: 'a size before the month, which is like a year in one row',
    dialect: 'unix',
    lines: [yearRow('10240 2019', 'a'), yearRow('10240 77', 'b')],
    entries: [2019, 77].map((size, index) =>
      file(index === 0 ? 'a' : 'b', size, '2024-03-01T10:30', { ...ann, owner: 'ann staff', group: '10240' }),
    ),
  },
  {
    title: 'a size like a year in the usual column',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 1000 1000 2019 Mar 1 10:30 a'],
    entries: [file('a', 2019, '2024-03-01T10:30', { ...ann, owner: '1000', group: '1000' })],
  },
];

const annDirectory = { ...ann, links: 2, mode: 0o755 };
const below = { ...directory('b', '2024-03-01T10:30', annDirectory), size: 4096 };
const numbered: readonly CorpusListing[] = [
  ['serial numbers', '  131073 ', ' 1310744 '] as const,
  ['blocks', '  4 ', ' 12 '] as const,
  ['blocks with units', '4.0K ', '  0 '] as const,
  ['serial numbers and blocks', '131073   4 ', '131074 12 '] as const,
].map(([what, first, second]) => ({
  title: `${what} before the permissions`,
  dialect: 'unix',
  lines: [
    'total 16',
    `${first}-rw-r--r-- 1 ann staff 7 Mar 1 10:30 a`,
    `${second}drwxr-xr-x 2 ann staff 4096 Mar 1 10:30 b`,
  ],
  entries: [file('a', 7, '2024-03-01T10:30', ann), below],
}));

const slashes: readonly CorpusListing[] = [
  {
    title: 'the slashes of ls -p',
    dialect: 'unix',
    lines: ['drwxr-xr-x 2 ann staff 4096 Mar 1 10:30 b/', 'drwxr-xr-x 2 ann staff 4096 Mar 1 10:30 ./'],
    entries: [below],
  },
];

const words: readonly CorpusListing[] = [
  {
    title: 'a zone behind seconds in one row',
    dialect: 'unix',
    lines: [rowOf('Mar 1 10:30:06 CET', 'a')],
    entries: [file('a', 7, '2024-03-01T09:30:06', { ...ann, zoneKnown: true })],
  },
  {
    title: 'a zone in numbers behind a time in three rows',
    dialect: 'unix',
    lines: ['a', 'b', 'c'].map((name) => rowOf('Mar 1 10:30 -0100', name)),
    entries: [],
    unparsed: ['a', 'b', 'c'].map((name) => rowOf('Mar 1 10:30 -0100', name)),
  },
  {
    title: 'a zone in numbers behind a time in four rows',
    dialect: 'unix',
    lines: ['a', 'b', 'c', 'd'].map((name) => rowOf('Mar 1 10:30 -01:00', name)),
    entries: ['a', 'b', 'c', 'd'].map((name) => file(name, 7, '2024-03-01T11:30', { ...ann, zoneKnown: true })),
  },
  {
    title: 'a name that is like a zone, behind seconds',
    dialect: 'unix',
    lines: [rowOf('2024-03-01 10:30:06', '+0100')],
    entries: [file('+0100', 7, '2024-03-01T10:30:06', ann)],
  },
  {
    title: 'a number that is no zone',
    dialect: 'unix',
    lines: [rowOf('2024-03-01 10:30:06', '+9900 a'), rowOf('Mar 1 10:30', '-0099 a')],
    entries: [file('+9900 a', 7, '2024-03-01T10:30:06', ann), file('-0099 a', 7, '2024-03-01T10:30', ann)],
  },
  ...['Mar 1 10:30 CET', 'Mar 1 10:30 AM', 'Mar 1 10:30 p.m.'].map(
    (date): CorpusListing => ({
      title: `a word behind a time in two rows: ${date}`,
      dialect: 'unix',
      lines: [rowOf(date, 'a'), rowOf(date, 'b')],
      entries: [],
      unparsed: [rowOf(date, 'a'), rowOf(date, 'b')],
    }),
  ),
];

const zoned = (date: string, modified: string): CorpusListing => ({
  title: `a time and its zone in one word: ${date}`,
  dialect: 'unix',
  lines: [rowOf(date, 'a b')],
  entries: [file('a b', 7, modified, { ...ann, zoneKnown: true })],
});

const iso: readonly CorpusListing[] = [
  zoned('2024-03-01T10:30:06Z', '2024-03-01T10:30:06'),
  zoned('2024-03-01T10:30Z', '2024-03-01T10:30'),
  zoned('2024-03-01T10:30:06.123Z', '2024-03-01T10:30:06.123'),
  zoned('2024-03-01T10:30:06+01:00', '2024-03-01T09:30:06'),
  zoned('2024-03-01T10:30:06-0130', '2024-03-01T12:00:06'),
  zoned('20240301T103006Z', '2024-03-01T10:30:06'),
  zoned('2024-03-01 10:30:06Z', '2024-03-01T10:30:06'),
  zoned('2024-03-01 10:30Z', '2024-03-01T10:30'),
  zoned('2024-03-01 10:30:06 +01:00', '2024-03-01T09:30:06'),
  {
    title: 'a time in one word without a zone, and one that no clock shows',
    dialect: 'unix',
    lines: [rowOf('2024-03-01T10:30:06', 'a'), rowOf('2024-03-01T24:30:06Z', 'b'), rowOf('2024-02-30T10:30:06Z', 'c')],
    entries: [day('a', '2024-03-01T10:30:06'), file('b', 7, undefined, ann), file('c', 7, undefined, ann)],
  },
];

export const unixDoubts: readonly CorpusListing[] = [...dayTimes, ...years, ...numbered, ...slashes, ...words, ...iso];
