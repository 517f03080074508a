/** Dialects of few rows: EPLF, NetWare, classic Mac OS, NonStop, Connect:Enterprise. */
import { type CorpusListing, directory, type ExpectedEntry, file, row } from './corpus.js';

const eplf = (line: string, entry: ExpectedEntry) =>
  row('eplf', line, { ...entry, more: { zoneKnown: entry.modified !== undefined, ...entry.more } });
const T = '1996-03-01T22:15:03';

export const eplfListings: readonly CorpusListing[] = [
  eplf('+i8388.48594,m825718503,r,s280,\tdj.html', file('dj.html', 280, T, { unique: '8388.48594' })),
  eplf('+r,s0,\tempty', file('empty', 0)),
  eplf('+s280,r,m825718503,\torder.html', file('order.html', 280, T)),
  eplf('+/,m825718503\tdir', directory('dir', T)),
  eplf('+m825718503,/,i1.2,\ta dir', directory('a dir', T, { unique: '1.2' })),
  eplf('+r,up644,s1\tmode', file('mode', 1, undefined, { mode: 0o644 })),
  eplf('+up755,/,\tmode dir', directory('mode dir', undefined, { mode: 0o755 })),
  eplf('+r,s1,\t leading', file(' leading', 1)),
  eplf('+r,s1,\ta\tb', file('a\tb', 1)),
  eplf('+r,sx,mx,\tnonsense', file('nonsense')),
  eplf('+r,m99999999999999999999\tfar', file('far')),
  eplf('+i1\tneither', { name: 'neither', kind: 'other', more: { unique: '1' } }),
  eplf('+\tnothing', { name: 'nothing', kind: 'other' }),
  eplf('+r,x12,s3,\tunknown fact', file('unknown fact', 3)),
];

const netware = (line: string, entry: ExpectedEntry) => row('netware', line, entry);

export const netwareListings: readonly CorpusListing[] = [
  netware('d [RWCEAFMS] ann   512 Jan 16 18:53 login', {
    ...directory('login', '2024-01-16T18:53', { owner: 'ann' }),
    size: 512,
  }),
  netware('d [R----F--] supervisor   512 Jan 16  2020 a dir', {
    ...directory('a dir', '2020-01-16', { owner: 'supervisor' }),
    size: 512,
  }),
  netware('- [R----F--] ann 214059 Oct 20 15:27 cx.exe', file('cx.exe', 214_059, '2024-10-20T15:27', { owner: 'ann' })),
  netware('- [RWCEAFMS] ann lee 7 Oct 20 15:27 a  b', file('a  b', 7, '2024-10-20T15:27', { owner: 'ann lee' })),
  netware('-[R----F--] ann 7 Oct 20 15:27 glued', file('glued', 7, '2024-10-20T15:27', { owner: 'ann' })),
  netware('- [        ] ann 7 Oct 20 15:27 none', file('none', 7, '2024-10-20T15:27', { owner: 'ann' })),
  ...(['11:05', '2024'] as const).map((end) =>
    netware(
      `- [RWCEAFMS] ann 1234 Nov 20 ${end} 2023-05-06 backup.zip`,
      file('2023-05-06 backup.zip', 1234, end === '2024' ? '2024-11-20' : '2024-11-20T11:05', { owner: 'ann' }),
    ),
  ),
  netware('- [RWCEAFMS] ann 7 Oct 20 15:27  leading', file(' leading', 7, '2024-10-20T15:27', { owner: 'ann' })),
  netware('- [R----F--] ann     7       Oct 20 15:27    a.exe', file('a.exe', 7, '2024-10-20T15:27', { owner: 'ann' })),
  netware('-[RWCEMFA] ann     7       Oct 20  2020     b', file(' b', 7, '2020-10-20', { owner: 'ann' })),
  netware('- [R----F--] ann     7    Oct 20 15:27 c.exe', file('c.exe', 7, '2024-10-20T15:27', { owner: 'ann' })),
];

const mac = (line: string, entry: ExpectedEntry) => row('mac', line, entry);

const macRows: readonly CorpusListing[] = [
  mac(
    'drwxr-xr-x               folder        2 May 10  1996 network',
    directory('network', '1996-05-10', { mode: 0o755 }),
  ),
  mac('d--x--x--x folder 0 Oct 20 15:27 a folder', directory('a folder', '2024-10-20T15:27', { mode: 0o111 })),
  mac(
    '-------r--         326  1391972  1392298 Nov 22  1995 Image.sit',
    file('Image.sit', 1_392_298, '1995-11-22', { mode: 4 }),
  ),
  mac('-rw-r--r-- 0 7 7 Nov 22  1995 two words', file('two words', 7, '1995-11-22', { mode: 0o644 })),
  mac('-rw-r--r-- 0 0 0 Nov 20 11:05 empty', file('empty', 0, '2024-11-20T11:05', { mode: 0o644 })),
  mac('-rw-r--r-- 10 20 30 Feb 30  1995 bad', file('bad', 30, undefined, { mode: 0o644 })),
];

const macTogether: readonly CorpusListing[] = [
  {
    title: 'forks behind a folder, whose sum is another number',
    dialect: 'mac',
    lines: ['drwxr-xr-x folder 2 Nov 20 11:05 d', '-rw-r--r-- 10 20 40 Nov 20 11:05 b'],
    entries: [directory('d', '2024-11-20T11:05', { mode: 0o755 }), file('b', 40, '2024-11-20T11:05', { mode: 0o644 })],
  },
  {
    title: 'a name that begins with a blank',
    dialect: 'mac',
    lines: ['drwxr-xr-x folder 2 Nov 20 11:05  d', '-rw-r--r-- 10 20 30 Nov 20 11:05 b'],
    entries: [directory(' d', '2024-11-20T11:05', { mode: 0o755 }), file('b', 30, '2024-11-20T11:05', { mode: 0o644 })],
  },
  {
    title: 'two blanks before all names',
    dialect: 'mac',
    lines: [
      'drwxr-xr-x folder 2 Nov 20 11:05  d',
      '-rw-r--r-- 1 2 3 Nov 20 11:05  b',
      '-rw-r--r-- 1 2 3 Nov 20 11:05  c',
    ],
    entries: [
      directory('d', '2024-11-20T11:05', { mode: 0o755 }),
      ...['b', 'c'].map((name) => file(name, 3, '2024-11-20T11:05', { mode: 0o644 })),
    ],
  },
];

export const macListings: readonly CorpusListing[] = [...macRows, ...macTogether];

const headed = (line: string, entry: ExpectedEntry): CorpusListing => ({
  title: line,
  dialect: 'nonstop',
  lines: ['File         Code             EOF  Last Modification    Owner  RWEP', '', line],
  entries: [entry],
});
const owner = { owner: '244,10', group: '244' };

export const nonstopListings: readonly CorpusListing[] = [
  headed(
    'REPORT01        101           16354  18-Mar-15 15:09:12 244, 10  "nnnn"',
    file('REPORT01', 16_354, '2015-03-18T15:09:12', owner),
  ),
  headed(
    'REPORT02        101           16354   8-Mar-15 15:09:12 244,10  "nunu"',
    file('REPORT02', 16_354, '2015-03-08T15:09:12', owner),
  ),
  headed(
    'REPORT03   O    101               0  18-Mar-2015 15:09:12 244, 10  nnnn',
    file('REPORT03', 0, '2015-03-18T15:09:12', owner),
  ),
  headed(
    'REPORT04       100L           16354  18-Mar-15 15:09:12 244, 10  "nnnn"',
    file('REPORT04', 16_354, '2015-03-18T15:09:12', owner),
  ),
  headed(
    'REPORT05   O  1729L+          16354  18-Mar-15 15:09:12 244, 10  "nnnn"',
    file('REPORT05', 16_354, '2015-03-18T15:09:12', owner),
  ),
  headed(
    'DATA          0              12  31-Dec-99 23:59:59 244, 10  "----"',
    file('DATA', 12, '1999-12-31T23:59:59', owner),
  ),
  headed('BAD           0              12  31-Feb-99 23:59:59 244, 10  "----"', file('BAD', 12, undefined, owner)),
  headed(
    '$VOL.SUB.F    800            12  31-Dec-99 23:59:59 244, 10  "NNNN"',
    file('$VOL.SUB.F', 12, '1999-12-31T23:59:59', owner),
  ),
];

const batch = (line: string, entry: ExpectedEntry) => row('connect-enterprise', line, entry);

export const connectEnterpriseListings: readonly CorpusListing[] = [
  batch(
    '-C--E-----FTP B ANN1I1      18128     41 Aug 12 13:56 QUARTER',
    file('QUARTER', 18_128, '2024-08-12T13:56', { owner: 'ANN1I1' }),
  ),
  batch(
    '-C--E-----FTP A ANN1I1      18128     41 Aug 12 13:56 two words',
    file('two words', 18_128, '2024-08-12T13:56', { owner: 'ANN1I1' }),
  ),
  batch('-CR--M----CMN B ANN1          128      2 Aug 12  2020 X', file('X', 128, '2020-08-12', { owner: 'ANN1' })),
  batch(
    '-ART------TCP B ANN2            0      3 Aug 12 13:56 EMPTY',
    file('EMPTY', 0, '2024-08-12T13:56', { owner: 'ANN2' }),
  ),
  batch('----------BSC E ANN3            5      4 Feb 30  2020 BAD', file('BAD', 5, undefined, { owner: 'ANN3' })),
];
