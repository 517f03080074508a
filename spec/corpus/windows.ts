/** Listings of `dir`, of IIS and of other servers on Windows, and of OS/2. */
import { type CorpusListing, directory, file, row } from './corpus.js';

const dates: readonly (readonly [text: string, modified: string | undefined])[] = [
  ['04-08-14  02:09PM', '2014-04-08T14:09'],
  ['12-31-69  11:59PM', '2069-12-31T23:59'],
  ['01-01-70  12:00AM', '1970-01-01T00:00'],
  ['01-01-2024  12:00PM', '2024-01-01T12:00'],
  ['02-29-24  12:30am', '2024-02-29T00:30'],
  ['02-29-24  11:30 PM', '2024-02-29T23:30'],
  ['02-29-24  11:30 p.m.', '2024-02-29T23:30'],
  ['02-29-24  11:30p', '2024-02-29T23:30'],
  ['02-29-24  23:30', '2024-02-29T23:30'],
  ['02-29-24  23:30:15', '2024-02-29T23:30:15'],
  ['29.2.2024  23.30', '2024-02-29T23:30'],
  ['2024-02-29  23:30', '2024-02-29T23:30'],
  ['2024/02/29  23:30', '2024-02-29T23:30'],
  ['29.02.2024  23:30', '2024-02-29T23:30'],
  ['03.02.2024  23:30', '2024-02-03T23:30'],
  ['03.02.24  23:30', '2024-02-03T23:30'],
  ['29/02/2024  23:30', '2024-02-29T23:30'],
  ['29-02-2024  23:30', '2024-02-29T23:30'],
  ['03/02/2024  23:30', '2024-03-02T23:30'],
  ['03-10-21  09:05AM', '2021-03-10T09:05'],
  ['02-29-124  11:30PM', '2024-02-29T23:30'],
  ['02-28-99  11:30PM', '1999-02-28T23:30'],
  ['02-28-099  11:30PM', undefined],
  ['02-28-4  11:30PM', undefined],
  ['02-30-24  11:30PM', undefined],
  ['02-29-23  11:30PM', undefined],
  ['02-29-24  13:30PM', undefined],
  ['02-29-24  24:00', undefined],
];

const sizes: readonly (readonly [text: string, size: number | undefined])[] = [
  ['0', 0],
  ['9,730', 9730],
  ['1.234.567', 1_234_567],
  ['16855928', 16_855_928],
  ['4294967296', 4_294_967_296],
  ['-1', undefined],
  ['99999999999999999999', undefined],
];

const names: readonly string[] = [
  'a.txt',
  'a b',
  ' leading',
  '  two',
  'trailing ',
  '<DIR>',
  '12 34',
  'größe',
  '[x]',
  'a  b',
];

/** The columns of IIS: the size ends 30 characters behind the date. */
const inColumns = (date: string, size: string, name: string): string => `${date} ${size.padStart(20)} ${name}`;
const USUAL = '04-08-14  02:09PM';
const TIME = '2014-04-08T14:09';

const iis: readonly CorpusListing[] = [
  ...dates
    .map(([date, modified]) => row('dos', `${date}       12 a.txt`, file('a.txt', 12, modified)))
    .map((listing) => ({ ...listing, lines: [listing.title.replace(/ {7}12 /, ' 12 ')] })),
  ...sizes.map(([text, size]) => row('dos', inColumns(USUAL, text, 'a.txt'), file('a.txt', size, TIME))),
  ...names.map((name) => row('dos', inColumns(USUAL, '7', name), file(name, 7, TIME))),
  ...names.map((name) => row('dos', `${USUAL}       <DIR>          ${name}`, directory(name, TIME))),
  ...names.map((name) => row('dos', `04-08-2014  02:09PM       <DIR>          ${name}`, directory(name, TIME))),
];

const marks: readonly CorpusListing[] = [
  ['<SYMLINKD>     link [C:\\some where]', 'link', 'C:\\some where'] as const,
  ['<SYMLINK>      link [target]', 'link', 'target'] as const,
  ['<JUNCTION>     link [C:\\x]', 'link', 'C:\\x'] as const,
  ['<JUNCTION>     bare', 'bare', undefined] as const,
  ['<JUNCTION>     odd [x', 'odd [x', undefined] as const,
].map(([text, name, target]) =>
  row('dos', `${USUAL}       ${text}`, { name, kind: 'symlink', modified: TIME, more: { target } }),
);

const together: readonly CorpusListing[] = [
  {
    title: 'two blanks behind every size',
    dialect: 'dos',
    lines: ['06-01-24  10:34AM  34  a.img', '06-01-24  10:34AM  3400  b.img', '06-01-24  10:34AM  5   c.img'],
    entries: [['a.img', 34] as const, ['b.img', 3400] as const, [' c.img', 5] as const].map(([name, size]) =>
      file(name, size, '2024-06-01T10:34'),
    ),
  },
  {
    title: 'two blanks behind the only size',
    dialect: 'dos',
    lines: ['06-01-24  10:34AM  34  a.img'],
    entries: [file('a.img', 34, '2024-06-01T10:34')],
  },
  {
    title: 'two blanks behind one size of two',
    dialect: 'dos',
    lines: ['06-01-24  10:34AM  34  a.img', '06-01-24  10:34AM  34 b.img'],
    entries: [file(' a.img', 34, '2024-06-01T10:34'), file('b.img', 34, '2024-06-01T10:34')],
  },
  {
    title: 'two blanks behind every size of dir, whose marks show the column of names',
    dialect: 'dos',
    lines: ['10/18/2012  01:05 PM    <DIR>          .', '10/18/2012  01:05 PM             1,234  a.txt'],
    entries: [file(' a.txt', 1234, '2012-10-18T13:05')],
  },
  {
    title: 'names that begin with blanks, in the columns of dir',
    dialect: 'dos',
    lines: ['22.09.2011  03:12    <DIR>           dev', '22.09.2011  03:12               123  456 a.txt'],
    entries: [directory(' dev', '2011-09-22T03:12'), file(' 456 a.txt', 123, '2011-09-22T03:12')],
  },
  {
    title: 'two blanks behind every size and every mark',
    dialect: 'dos',
    lines: ['06-01-24  10:34AM  <DIR>  dev', '06-01-24  10:34AM  345678  a.img'],
    entries: [directory('dev', '2024-06-01T10:34'), file('a.img', 345678, '2024-06-01T10:34')],
  },
  {
    title: 'directories in columns of their own',
    dialect: 'dos',
    lines: ['10-18-12  01:05PM <DIR> dev', '10-18-12  01:05PM <dir>  x'],
    entries: [directory('dev', '2012-10-18T13:05'), directory(' x', '2012-10-18T13:05')],
  },
  {
    title: 'marks padded to one width, in columns of their own',
    dialect: 'dos',
    lines: [
      '10/18/2012  01:05 PM    <DIR>          .',
      '10/18/2012  01:05 PM    <DIR>          dev',
      '10/18/2012  01:05 PM    <JUNCTION>     link [C:\\x]',
      '10/18/2012  01:05 PM    <SYMLINKD>      other [..\\dev]',
      '10/18/2012  01:05 PM             1,234 a.txt',
    ],
    entries: [
      directory('dev', '2012-10-18T13:05'),
      { name: 'link', kind: 'symlink', modified: '2012-10-18T13:05', more: { target: 'C:\\x' } },
      { name: ' other', kind: 'symlink', modified: '2012-10-18T13:05', more: { target: '..\\dev' } },
      file('a.txt', 1234, '2012-10-18T13:05'),
    ],
  },
  {
    title: 'one blank behind marks of any length',
    dialect: 'dos',
    lines: ['10-18-12  01:05PM <JUNCTION> link [dev]', '10-18-12  01:05PM <DIR> dev'],
    entries: [
      { name: 'link', kind: 'symlink', modified: '2012-10-18T13:05', more: { target: 'dev' } },
      directory('dev', '2012-10-18T13:05'),
    ],
  },
  {
    title: 'days before months',
    dialect: 'dos',
    lines: ['03/04/2024  10:34  34 a', '25/04/2024  10:34  34 b'],
    entries: [file('a', 34, '2024-04-03T10:34'), file('b', 34, '2024-04-25T10:34')],
  },
  {
    title: 'days before months, with dashes',
    dialect: 'dos',
    lines: ['03-04-24  10:34AM  34 a', '25-04-24  10:34AM  34 b', '05-06-24  10:34AM  34 c'],
    entries: [file('a', 34, '2024-04-03T10:34'), file('b', 34, '2024-04-25T10:34'), file('c', 34, '2024-06-05T10:34')],
  },
  {
    title: 'months before days, with dashes',
    dialect: 'dos',
    lines: ['03-04-24  10:34AM  34 a', '04-25-24  10:34AM  34 b', '05-06-24  10:34AM  34 c'],
    entries: [file('a', 34, '2024-03-04T10:34'), file('b', 34, '2024-04-25T10:34'), file('c', 34, '2024-05-06T10:34')],
  },
  {
    title: 'what dir prints around its rows',
    dialect: 'dos',
    lines: [' Volume in drive C is X', ' Volume Serial Number is 12AB-34CD', ' Directory of C:\\pub', ''].concat([
      inColumns(USUAL, '7', 'a'),
      '      1 File(s)      7 bytes',
      '      0 Dir(s)  1,000 bytes free',
    ]),
    entries: [file('a', 7, TIME)],
  },
  {
    title: 'Unix rows among them',
    dialect: 'dos',
    named: true,
    lines: [inColumns(USUAL, '7', 'a'), '-rw-r--r-- 1 ann staff 7 Mar 10 12:00 b'],
    entries: [file('a', 7, TIME)],
    unparsed: ['-rw-r--r-- 1 ann staff 7 Mar 10 12:00 b'],
  },
];

const os2: readonly CorpusListing[] = [
  row('os2', '     0           DIR   12-30-97  12:32  docs', directory('docs', '1997-12-30T12:32')),
  row(
    'os2',
    ' 73098      A          04-06-97  15:15  some file.txt',
    file('some file.txt', 73_098, '1997-04-06T15:15'),
  ),
  row('os2', '  2048  RHS            04-06-97   5:15  x', file('x', 2048, '1997-04-06T05:15')),
  row('os2', '  2048                 04-06-97  15:15  x.y', file('x.y', 2048, '1997-04-06T15:15')),
  row('os2', '  2048                 04-06-97  15:15  *FILE x', file('*FILE x', 2048, '1997-04-06T15:15')),
  row('os2', '  2048                 04-06-104  15:15  y', file('y', 2048, '2004-04-06T15:15')),
  row('os2', '     0      A    DIR   02-30-97  12:32  bad', directory('bad')),
  {
    title: 'an OS/2 listing',
    dialect: 'os2',
    lines: [
      '     0           DIR   12-30-97  12:32  .',
      '     0           DIR   12-30-97  12:32  ..',
      '   100      A          12-30-97  12:32  a',
      '   100      A          12-30-97  12:32   b',
    ],
    entries: [file('a', 100, '1997-12-30T12:32'), file(' b', 100, '1997-12-30T12:32')],
  },
];

export const windowsListings: readonly CorpusListing[] = [...iis, ...marks, ...together, ...os2];
