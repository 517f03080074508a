/** Listings of `ls -l` whose rows say together which words are of the date, and which of the name. */
import type { FileEntry } from '../../lib/protocol/index.js';
import { type CorpusListing, directory, type ExpectedEntry, file } from './corpus.js';

const ann: Partial<FileEntry> = { links: 1, owner: 'ann', group: 'staff', mode: 0o644 };
const rowOf = (end: string): string => `-rw-r--r-- 1 ann staff 7 ${end}`;
const at = (name: string, modified: string, more?: Partial<FileEntry>) => file(name, 7, modified, { ...ann, ...more });

function listing(title: string, ends: readonly string[], entries: readonly ExpectedEntry[]): CorpusListing {
  return { title, dialect: 'unix', lines: ends.map(rowOf), entries };
}

function unread(title: string, ends: readonly string[], entries: readonly ExpectedEntry[] = []): CorpusListing {
  const open = ends.filter((end) => !entries.some(({ name }) => end.endsWith(` ${name}`)));
  return { ...listing(title, ends, entries), unparsed: open.map(rowOf) };
}

const timeWords: readonly CorpusListing[] = [
  listing('a year behind seconds', ['Nov 20 11:05:06 2023 Q1.xls'], [at('Q1.xls', '2023-11-20T11:05:06')]),
  listing(
    'names that begin with a year, behind seconds',
    ['Nov 20 11:05:06 2023 Q1.xls', 'Nov 20 11:05:06 b.xls'],
    [at('2023 Q1.xls', '2024-11-20T11:05:06'), at('b.xls', '2024-11-20T11:05:06')],
  ),
  listing(
    'AM and PM behind a blank',
    ['Nov 20 11:05 AM a', 'Nov 20 12:05 AM b', 'Nov 19 01:05 PM c d'],
    [at('a', '2024-11-20T11:05'), at('b', '2024-11-20T00:05'), at('c d', '2024-11-19T13:05')],
  ),
  listing(
    'names that begin with AM and PM',
    ['Nov 20 11:05 AM a', 'Nov 20 11:05 PM b', 'Nov 20 11:05 c'],
    [at('AM a', '2024-11-20T11:05'), at('PM b', '2024-11-20T11:05'), at('c', '2024-11-20T11:05')],
  ),
  listing(
    'a year padded behind, and a name that begins with a time',
    ['Nov 20 2023  11:05 a'],
    [at('11:05 a', '2023-11-20')],
  ),
  listing('AM behind an hour that has none', ['Nov 19 13:05 AM a'], [at('AM a', '2024-11-19T13:05')]),
  listing(
    'p.m. behind a year and a time',
    ['a', 'b', 'c'].map((name) => `2023-11-20 11:05 p.m. ${name}`),
    ['a', 'b', 'c'].map((name) => at(name, '2023-11-20T23:05')),
  ),
  listing(
    'names that begin with a blank and a year, or AM',
    ['Nov 20 11:05:06  2023 a', 'Nov 20 11:05  AM b', 'Nov 20 11:05 c'],
    [at(' 2023 a', '2024-11-20T11:05:06'), at(' AM b', '2024-11-20T11:05'), at('c', '2024-11-20T11:05')],
  ),
  listing(
    'names that begin with AM, beside a year of five columns',
    ['Nov 20 11:05 AM a', 'Mar 10  2023 b'],
    [at('AM a', '2024-11-20T11:05'), at('b', '2023-03-10')],
  ),
  listing(
    'a year of five columns, and names that all begin with a zone',
    ['Mar 10  2023 a', 'Nov 20 11:05 EST b', 'Nov 20 11:05 EST c', 'Nov 20 11:05 EST d'],
    [at('a', '2023-03-10'), ...['EST b', 'EST c', 'EST d'].map((name) => at(name, '2024-11-20T11:05'))],
  ),
  listing(
    'years behind seconds, and one in the place of a time',
    ['Mar 10  2023 a', 'Nov 20 11:05:06 2023 b'],
    [at('a', '2023-03-10'), at('b', '2023-11-20T11:05:06')],
  ),
  unread(
    'AM in few rows, beside a year that is not padded, or by more',
    ['Nov 20 11:05 AM a', 'Mar 10 2023 b', 'Mar 10     2023 c', 'Mar 10  2023  d'],
    [at('b', '2023-03-10'), at('c', '2023-03-10'), at(' d', '2023-03-10')],
  ),
  unread('AM or PM in few rows', ['Nov 20 11:05 AM a', 'Nov 20 11:05 PM b']),
  listing(
    'zones behind times',
    ['Nov 20 11:05 CET a', 'Jul 20 11:05 CEST b', 'Nov 20 11:05 CST c'],
    [
      at('a', '2024-11-20T10:05', { zoneKnown: true }),
      at('b', '2024-07-20T09:05', { zoneKnown: true }),
      at('c', '2024-11-20T11:05'),
    ],
  ),
  unread('a zone in one row', ['Nov 20 11:05 CET a']),
  listing(
    'names that begin with a zone',
    ['Nov 20 11:05 UTC a', 'Nov 20 11:05 b'],
    [at('UTC a', '2024-11-20T11:05'), at('b', '2024-11-20T11:05')],
  ),
  listing(
    'a zone behind seconds, and a year',
    ['Wed Nov 20 11:05:06 UTC 2024 a'],
    [at('a', '2024-11-20T11:05:06', { zoneKnown: true })],
  ),
  listing(
    'zones, and a name that begins with a year',
    ['Nov 20 11:05 UTC 2023 a', 'Nov 20 11:05 UTC b', 'Nov 20 11:05 UTC c'],
    ['2023 a', 'b', 'c'].map((name) => at(name, '2024-11-20T11:05', { zoneKnown: true })),
  ),
  listing(
    'a zone in numbers',
    ['a', 'b', 'c', 'd'].map((name) => `2024-11-20 11:05 +0100 ${name}`),
    ['a', 'b', 'c', 'd'].map((name) => at(name, '2024-11-20T10:05', { zoneKnown: true })),
  ),
  unread('a year and a zone behind seconds, in two rows', ['Nov 20 11:05:06 2023 UTC a', 'Nov 20 11:05:06 2023 UTC b']),
  listing(
    'a year and a zone behind seconds, in all rows',
    ['a', 'b', 'c'].map((name) => `Nov 20 11:05:06 2023 CET ${name}`),
    ['a', 'b', 'c'].map((name) => at(name, '2023-11-20T10:05:06', { zoneKnown: true })),
  ),
  listing(
    'years behind seconds, and a name that begins with a zone',
    ['Nov 20 11:05:06 2023 UTC a', 'Nov 20 11:05:06 2023 b'],
    [at('UTC a', '2023-11-20T11:05:06'), at('b', '2023-11-20T11:05:06')],
  ),
  unread('a month that is not known, and what may be of the date behind it', [
    'Xyz 20 11:05:06 2023 a',
    'Xyz 20 11:05 CET a',
    'Xyz 20 2023 11:05 a',
  ]),
  listing(
    'a month that is not known, and a padded year or a time',
    ['Xyz 20  2023 11:05 a', 'Xyz 20 11:05 b'],
    ['11:05 a', 'b'].map((name) => file(name, 7, undefined, ann)),
  ),
  {
    title: 'a size like a year, before a date that ends in words that are not known',
    dialect: 'unix',
    lines: [rowOf('Nov 20 11:05 c'), '-rw-r--r-- 1 ann staff 2019 Jan 21 x a', '-rw-r--r-- 1 ann 100 2019 Jan 21 x b'],
    entries: [at('c', '2024-11-20T11:05')],
    unparsed: ['-rw-r--r-- 1 ann staff 2019 Jan 21 x a', '-rw-r--r-- 1 ann 100 2019 Jan 21 x b'],
  },
  unread('a zone that is not known, and a year, in one row', ['Nov 20 11:05:06 HKT 2023 a']),
  listing(
    'zones that are not known, and years',
    ['a', 'b', 'c'].map((name) => `Nov 20 11:05:06 HKT 2023 ${name}`),
    ['a', 'b', 'c'].map((name) => at(name, '2023-11-20T11:05:06')),
  ),
  listing(
    'AM, a zone and a year',
    ['a', 'b', 'c'].map((name) => `Nov 20 01:05:06 PM CET 2023 ${name}`),
    ['a', 'b', 'c'].map((name) => at(name, '2023-11-20T12:05:06', { zoneKnown: true })),
  ),
  unread(
    'AM, a zone and a year in two rows',
    ['a', 'b'].map((name) => `Nov 20 01:05:06 PM CET 2023 ${name}`),
  ),
  {
    title: 'a time without the year that those before it have',
    dialect: 'unix',
    lines: ['a', '.', 'b'].map((name) => rowOf(`Nov 20 11:05:06 CET ${name === 'b' ? '' : '2023 '}${name}`)),
    entries: [at('a', '2023-11-20T10:05:06', { zoneKnown: true })],
    unparsed: [rowOf('Nov 20 11:05:06 CET b')],
  },
  {
    title: 'zones, shown by the row of the directory',
    dialect: 'unix',
    lines: [rowOf('Nov 20 11:05 GMT .'), rowOf('Nov 20 11:05 GMT a')],
    entries: [at('a', '2024-11-20T11:05', { zoneKnown: true })],
  },
];

const undated = (name: string, more?: Partial<FileEntry>) => file(name, 7, undefined, { ...ann, ...more });

const dateless: readonly CorpusListing[] = [
  listing(
    'no dates, and names with blanks and numbers',
    ['a.txt', 'report 2024 12.txt', '12 34', '2024', 'b  c'],
    ['a.txt', 'report 2024 12.txt', '12 34', '2024', 'b  c'].map((name) => undated(name)),
  ),
  {
    title: 'no dates, and a link',
    dialect: 'unix',
    lines: [rowOf('a'), 'lrwxrwxrwx 1 ann staff 4 b 1 -> docs', 'drwxr-xr-x 1 ann staff 7 c d'],
    entries: [
      undated('a'),
      { name: 'b 1', kind: 'symlink', size: 4, more: { ...ann, mode: 0o777, target: 'docs' } },
      { ...directory('c d', undefined, { ...ann, mode: 0o755 }), size: 7 },
    ],
  },
  {
    title: 'no dates, no groups, and names with blanks',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 ann 7 a', '-rw-r--r-- 1 ann 7 12 b'],
    entries: ['a', '12 b'].map((name) => undated(name, { group: undefined })),
  },
  unread('names with blanks only, behind what may be dates', ['foo 12 a', 'bar 13 b']),
  unread('no dates, but what may be one', ['a', 'Foo 20 2024 b'], [undated('b')]),
  unread('no dates, but what may be one in numbers', ['a', '11-20 b']),
  {
    title: 'no dates, and two sizes in a row that no other row explains',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 ann 7 a', rowOf('b'), '-rw-r--r-- 1 ann 7 12 c'],
    entries: [],
    unparsed: ['-rw-r--r-- 1 ann 7 a', rowOf('b'), '-rw-r--r-- 1 ann 7 12 c'],
  },
];

const users: readonly CorpusListing[] = [
  {
    title: 'a group that is called as a month is, a size and a year; or a size and a date',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 1000 may 7 2016 Jan 14 18:20 a', '-rw-r--r-- 1 1000 staff 7 2016 Jan 14 18:20 b'],
    entries: [file('b', undefined, undefined, { links: 1, mode: 0o644 })],
    unparsed: ['-rw-r--r-- 1 1000 may 7 2016 Jan 14 18:20 a'],
  },
  {
    title: 'a date without an owner, and a name that begins with a date',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 1000 May 7  2016 Jan 14 18:20 a'],
    entries: [file('Jan 14 18:20 a', 1000, '2016-05-07', { links: 1, mode: 0o644 })],
  },
  {
    title: 'a group that is called as a month is, between numbers',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 1000 may 7 Nov 20 11:05 a', '-rw-r--r-- 1 ann 12 2024 Nov 20 11:05 b'],
    entries: [
      at('a', '2024-11-20T11:05', { owner: '1000', group: 'may' }),
      file('b', 2024, '2024-11-20T11:05', { ...ann, group: '12' }),
    ],
  },
  {
    title: 'a user, a group and a size, or a date: another follows that is not understood',
    dialect: 'unix',
    lines: ['-rw-r--r-- 1 may 12 2024 Foo 20 11:05 a'],
    entries: [],
    unparsed: ['-rw-r--r-- 1 may 12 2024 Foo 20 11:05 a'],
  },
];

const months: readonly CorpusListing[] = [
  listing(
    'Polish months, of which Croatian has some for others',
    ['lip 19 11:05 a', 'maj 19 11:05 b', 'lis 19 11:05 c'],
    [at('a', '2024-07-19T11:05'), at('b', '2024-05-19T11:05'), at('c', '2024-11-19T11:05')],
  ),
  listing(
    'Croatian months, of which Polish and Czech have some for others',
    ['lip 19 11:05 a', 'svi 19 11:05 b', 'lis 19 11:05 c', 'srp 19 11:05 d'],
    [
      at('a', '2024-06-19T11:05'),
      at('b', '2024-05-19T11:05'),
      at('c', '2024-10-19T11:05'),
      at('d', '2024-07-19T11:05'),
    ],
  ),
  listing('months of a language that is not known', ['lip 19 11:05 a', 'lis 19  2023 b'], [undated('a'), undated('b')]),
  listing('French jui', ['jui 19 11:05 a'], [undated('a')]),
];

export const unixWords: readonly CorpusListing[] = [...timeWords, ...dateless, ...users, ...months];
