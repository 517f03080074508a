/** Listings of z/OS and OS/400. */
import type { FileEntry } from '../../lib/protocol/index.js';
import { type CorpusListing, directory, type ExpectedEntry, file } from './corpus.js';

const other = (name: string, more?: Partial<FileEntry>): ExpectedEntry => ({ name, kind: 'other', more });
const zos = (
  title: string,
  lines: readonly string[],
  entries: readonly ExpectedEntry[],
  unparsed?: readonly string[],
) =>
  ({ title, dialect: 'zos', lines, entries, ...(unparsed === undefined ? {} : { unparsed }) }) satisfies CorpusListing;

const DATASETS = 'Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname';
const DATASETS_2 = 'Volume Unit    Referred Ext    Used Recfm Lrecl BlkSz Dsorg Dsname';
const datasets: readonly (readonly [row: string, entry: ExpectedEntry])[] = [
  ['VOL001 3390   2024/03/04  1    3  FB     128  6144  PS  ANN.REPORT.D1', file('ANN.REPORT.D1')],
  ['VOL001 3390   2024/03/04  1    3  VB   32756 32760  PS  REPORT', file('REPORT')],
  ['VOL001 3390   2024/03/04  1    3  U        0  6144  PO  ANN.LOAD', directory('ANN.LOAD')],
  ['VOL001 3390   2024/03/04  1   15  FB      80  6144  PO-E ANN.LIBE', directory('ANN.LIBE')],
  ['VOL001 3390   2024/03/04  1+++++  FB      80  6144  PO  ANN.BIG', directory('ANN.BIG')],
  ['VOL001 3390   2024/03/04 16*****  FB      80  6144  PS  ANN.BIGGER', file('ANN.BIGGER')],
  ['VOL001 3390   **NONE**    1    3  FB      80  6144  PS  ANN.NEVER', file('ANN.NEVER')],
  ["VOL001 3390   2024/03/04  1    3  FB      80  6144  PS  'ANN.QUOTED'", file("'ANN.QUOTED'")],
  ['VOL001 3390                                     VSAM ANN.CLUSTER', other('ANN.CLUSTER')],
  ['VOL001 3390   2024/03/04  1  200  U        0     0  HFS ANN.HFS', other('ANN.HFS')],
  ['VOL001 3390   2024/03/04  1  200  U        0     0  DA  ANN.DIRECT', file('ANN.DIRECT')],
  ['                                                    GDG ANN.GROUP', other('ANN.GROUP')],
  ['Migrated                                                ANN.OLD', other('ANN.OLD')],
  ['ARCIVE Not Direct Access Device                         ANN.TAPE', other('ANN.TAPE')],
  ['Pseudo Directory                                        ANN.X', directory('ANN.X')],
  ['V00001 Tape                                             ANN.ONTAPE', other('ANN.ONTAPE')],
  ['V00001 Not Mounted                                      ANN.AWAY', other('ANN.AWAY')],
];

const MEMBERS = ' Name     VV.MM   Created       Changed      Size  Init   Mod   Id';
const created = new Date('2023-09-12');
const members: readonly (readonly [row: string, entry: ExpectedEntry])[] = [
  [
    'ALPHA     01.03 2023/09/12 2024/10/11 09:37    11    11     0 ANN01',
    file('ALPHA', undefined, '2024-10-11T09:37', { created, owner: 'ANN01' }),
  ],
  [
    'BETA      01.99 2023/09/12 2024/10/11 09:37 99999    11     0 ANN',
    file('BETA', undefined, '2024-10-11T09:37', { created, owner: 'ANN' }),
  ],
  [
    'GAMMA     01.00 2023/09/12 2024/02/30 09:37    11    11     0 ANN',
    file('GAMMA', undefined, undefined, { created, owner: 'ANN' }),
  ],
  ['$DOLLAR', file('$DOLLAR')],
  ['#HASH@1', file('#HASH@1')],
];

const MODULES = ' Name      Size     TTR   Alias-of AC --------- Attributes --------- Amode Rmode';
const modules: readonly (readonly [row: string, entry: ExpectedEntry])[] = [
  ['PROGA     00000008 000003          00 FO             RN RU            31    ANY', file('PROGA')],
  ['PROGB     0001A2F0 00000C PROGA    01 FO             RN RU            31    24', file('PROGB')],
  ['PROGC     006DC8  00130A          00 FO             RN RU            31    ANY', file('PROGC')],
];

const JOBS = 'JOBNAME  JOBID    OWNER    STATUS CLASS';
const owner = 'ANN';
const jobs: readonly (readonly [row: string, entry: ExpectedEntry])[] = [
  [
    'ANNJOB   JOB00012 ANN      OUTPUT A        RC=0000 2 spool files',
    file('JOB00012', undefined, undefined, { owner }),
  ],
  [
    'ANNJOB2  JOB00013 ANN      OUTPUT A        ABEND=806 3 spool files',
    file('JOB00013', undefined, undefined, { owner }),
  ],
  ['ANNJOB3  TSU00014 ANN      ACTIVE TSU', other('TSU00014', { owner })],
  ['ANNJOB4  STC0000015 ANN    INPUT  A', other('STC0000015', { owner })],
  ['ANNJOB5  J0000016 ANN      HELD   A', other('J0000016', { owner })],
];
const jobsWithoutHeading: readonly (readonly [row: string, entry: ExpectedEntry])[] = [
  ['ANNJOB   JOB00012  OUTPUT    3 spool files', file('JOB00012')],
  ['ANNJOB2  JOB00013  INPUT', other('JOB00013')],
  ['ANNJOB3  JOB00014  ACTIVE', other('JOB00014')],
];

type Rows = readonly (readonly [row: string, entry: ExpectedEntry])[];
const all = (title: string, heading: readonly string[], rows: Rows) =>
  zos(
    title,
    [...heading, ...rows.map(([line]) => line)],
    rows.map(([, entry]) => entry),
  );
const each = (heading: readonly string[], rows: Rows) =>
  rows.map(([line, entry]) => zos(line, [...heading, line], [entry]));

const zosListings: readonly CorpusListing[] = [
  all('data sets', [DATASETS], datasets),
  all('members', [MEMBERS], members),
  all('load modules', [MODULES], modules),
  all('jobs', [JOBS], jobs),
  ...each([DATASETS_2], datasets),
  ...each([MEMBERS], members),
  ...each([MODULES], modules),
  ...each([JOBS], jobs),
  ...each([], jobsWithoutHeading),
  zos(
    'a data set that is not told',
    [DATASETS, 'VOL001 something else entirely'],
    [],
    ['VOL001 something else entirely'],
  ),
  ...[
    'VOL001 3390   2024/11/20  1    3  FB      80  6144      ANN.NOORG',
    'VOL001 3390   2024/11/20  1    3  ?        0     0  ??  ANN.NOORG',
    'VOL001 3390   **NONE**    1+++++  U        0  6144      ANN.NOORG',
    'VOL001 3390   **NONE**    1    3  U        0  6144      ANN.NOORG',
  ].map((line) => zos(line, [DATASETS, line], [other('ANN.NOORG')])),
  zos(
    'the spool files of a job',
    [JOBS, jobs[0]?.[0] ?? '', '--------', '         ID  STEPNAME PROCSTEP C DDNAME   BYTE-COUNT'].concat([
      '         001 JES2              H JESMSGLG      1200',
      '         002 JES2     STEP     H JESJCL         500',
      '2 spool files',
    ]),
    [jobs[0]?.[1] ?? other(''), file('JOB00012.1', 1200), file('JOB00012.2', 500)],
  ),
];

const T = '2024-02-25T09:34:08';
const os400 = (line: string, entry: ExpectedEntry): CorpusListing => ({
  title: line,
  dialect: 'os400',
  lines: [line],
  entries: [entry],
});
const by = { owner: 'ANN' };

const os400Rows: readonly CorpusListing[] = [
  os400('ANN             1234 25.02.24 09:34:08 *STMF      a.txt', file('a.txt', 1234, T, by)),
  os400('ANN             1234 25.02.24 09:34:08 *STMF      my file.txt', file('my file.txt', 1234, T, by)),
  os400('ANN             1234 25/02/24 09:34:08 *STMF      a.txt', file('a.txt', 1234, T, by)),
  os400('ANN             1234 02/25/24 09:34:08 *STMF      a.txt', file('a.txt', 1234, T, by)),
  os400('ANN             1234 24/02/25 09:34:08 *STMF      a.txt', file('a.txt', 1234, T, by)),
  os400('ANN             1234 24-02-25 09:34:08 *STMF      a.txt', file('a.txt', 1234, T, by)),
  os400('ANN             1234 05/06/07 09:34:08 *STMF      a.txt', file('a.txt', 1234, undefined, by)),
  os400('ANN            77824 25.02.24 09:34:08 *LIB       ANN.LIB/', directory('ANN.LIB', T, by)),
  os400('ANN             8192 25.02.24 09:34:08 *DIR       docs/', directory('docs', T, by)),
  os400('   ANN          8192 25.02.24 09:34:08 *DIR       my docs/', directory('my docs', T, by)),
  os400('   ANN          1234 25.02.24 09:34:08 *STMF      a.txt', file('a.txt', 1234, T, by)),
  os400(
    '  ANN                                  *MEM       A.FILE/B.MBR',
    file('A.FILE/B.MBR', undefined, undefined, by),
  ),
  os400('ANN             8192 25.02.24 09:34:08 *DDIR      dist/', directory('dist', T, by)),
  os400('ANN             8192 25.02.24 09:34:08 *FLR       folder', directory('folder', T, by)),
  os400('ANN             8192 25.02.24 09:34:08 *FILE      A.FILE', directory('A.FILE', T, by)),
  os400('ANN             8192 25.02.24 09:34:08 *FILE      A.SAVF', file('A.SAVF', undefined, T, by)),
  os400('ANN             8192 25.02.24 09:34:08 *PGM       A.PGM', {
    name: 'A.PGM',
    kind: 'other',
    modified: T,
    more: by,
  }),
  os400('ANN             8192 25.02.24 09:34:08 *SYMLNK    l', { name: 'l', kind: 'symlink', modified: T, more: by }),
  os400(
    'ANN                                    *MEM       A.FILE/B.MBR',
    file('A.FILE/B.MBR', undefined, undefined, by),
  ),
  os400('ANN             8192 31.02.24 09:34:08 *DIR       bad/', directory('bad', undefined, by)),
  {
    title: 'a row without a name',
    dialect: 'os400',
    lines: ['ANN             8192 25.02.24 09:34:08 *FILE'],
    entries: [],
  },
  {
    title: 'short rows without a name, behind others',
    dialect: 'os400',
    lines: ['ANN                                    *MEM       A.FILE/B.MBR', 'ANN   *FILE', 'ANN   8192 *FILE'],
    entries: [file('A.FILE/B.MBR', undefined, undefined, by)],
  },
  ...[
    ['readme.txt', 'notes *TODO'],
    ['readme.txt', 'notes *TODO list', 'notes 12 *TODO list'],
  ].map((lines) => ({
    title: `names with a star, which are not understood: ${lines}`,
    dialect: 'os400' as const,
    lines,
    entries: [],
    unparsed: lines,
  })),
  {
    title: 'a name on OS/400 that begins with a blank, beside one that does not',
    dialect: 'os400',
    lines: [
      'ANN             1234 25.02.24 09:34:08 *STMF       a.txt',
      'ANN             1234 25.02.24 09:34:08 *STMF      b.txt',
      'ANN             8192 25.02.24 09:34:08 *DDIR        docs/',
    ],
    entries: [file(' a.txt', 1234, T, by), file('b.txt', 1234, T, by), directory('  docs', T, by)],
  },
  {
    title: 'names on OS/400 in another column',
    dialect: 'os400',
    lines: [
      'ANN             1234 25.02.24 09:34:08 *STMF        a.txt',
      'ANN             1234 25.02.24 09:34:08 *STMF        b.txt',
    ],
    entries: [file('a.txt', 1234, T, by), file('b.txt', 1234, T, by)],
  },
  {
    title: 'an order that a later row decides',
    dialect: 'os400',
    lines: ['ANN 1 05/06/07 09:34:08 *STMF a', 'ANN 1 05/06/23 09:34:08 *STMF b', 'ANN 1 31/12/23 09:34:08 *STMF c'],
    entries: [
      file('a', 1, '2007-06-05T09:34:08', by),
      file('b', 1, '2023-06-05T09:34:08', by),
      file('c', 1, '2023-12-31T09:34:08', by),
    ],
  },
];

export const mainframeListings: readonly CorpusListing[] = [...zosListings, ...os400Rows];
