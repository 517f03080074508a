/** Listings of other dialects than `ls -l` in which one row says too little, and listings of several directories. */
import { type CorpusListing, directory, file } from './corpus.js';

const TIME = '2014-04-08T14:09';
const dosFile = (name: string): string => `04/08/2014  02:09 PM             1,234 ${name}`;
const dosDirectory = (name: string): string => `04/08/2014  02:09 PM    <DIR>          ${name}`;
const self = [dosDirectory('.'), dosDirectory('..')];
const sum = '               1 File(s)          1,234 bytes';

const blocks: readonly CorpusListing[] = [
  {
    title: 'the directories of dir /s',
    dialect: 'dos',
    lines: [' Volume in drive C is X', ' Volume Serial Number is 12AB-34CD', '', ' Directory of C:\\pub', ''].concat(
      [...self, dosDirectory('sub dir'), dosFile('a.txt'), sum, '', ' Directory of C:\\pub\\sub dir', '', ...self],
      [dosFile('b.txt'), dosDirectory('deep'), sum, '', ' Directory of C:\\pub\\sub dir\\deep', '', ...self],
      [dosFile('c.txt'), sum, '', '     Total Files Listed:', sum, '               6 Dir(s)  1,000 bytes free'],
    ),
    entries: [
      directory('sub dir', TIME),
      file('a.txt', 1234, TIME),
      file('sub dir/b.txt', 1234, TIME),
      directory('sub dir/deep', TIME),
      file('sub dir/deep/c.txt', 1234, TIME),
    ],
  },
  {
    title: 'the directories of dir /s, of a drive, in German',
    dialect: 'dos',
    lines: [' Verzeichnis von C:\\', '08.04.2014  14:09    <DIR>          sub', ' Verzeichnis von C:\\sub'].concat(
      '08.04.2014  14:09             1.234 b.txt',
      '     Anzahl der angezeigten Dateien:',
    ),
    entries: [directory('sub', TIME), file('sub/b.txt', 1234, TIME)],
  },
  {
    title: 'the directories of dir /s, in Japanese',
    dialect: 'dos',
    lines: [
      ' C:\\pub のディレクトリ',
      '2014/04/08  14:09    <DIR>          sub',
      ' C:\\pub\\sub のディレクトリ',
    ].concat('2014/04/08  14:09             1,234 b.txt'),
    entries: [directory('sub', TIME), file('sub/b.txt', 1234, TIME)],
  },
  {
    title: 'directories of dir /s whose rows leave the size open until their end',
    dialect: 'dos',
    lines: [
      ' Directory of C:\\pub',
      '06-01-24  10:34AM  34  a',
      ' Directory of C:\\pub\\sub',
      '06-01-24  10:34AM  34  b',
    ],
    entries: [file('a', 34, '2024-06-01T10:34'), file('sub/b', 34, '2024-06-01T10:34')],
  },
  {
    title: 'directories of ls -R whose rows leave the time open until their end',
    dialect: 'unix',
    lines: ['.:', 'total 8', '-rw-r--r-- 1 ann staff 7 2019-03-01 10:30 a', '', './sub:', 'total 8'].concat(
      '-rw-r--r-- 1 ann staff 7 2019-03-01 10:30 b',
    ),
    entries: ['a', 'sub/b'].map((name) =>
      file(name, 7, '2019-03-01T10:30', { links: 1, owner: 'ann', group: 'staff', mode: 0o644 }),
    ),
  },
];

const details = '4/6  20-NOV-2024 11:05:06  [STAFF,ANN]  (RWED,RWED,RE,)';
const vmsFile = (name: string) => file(name, undefined, '2024-11-20T11:05:06', { owner: 'ANN', group: 'STAFF' });
const vms: readonly CorpusListing[] = [
  {
    title: 'names with blanks on VMS',
    dialect: 'vms',
    lines: ['Directory DISK$USER:[ANN]', '', `A FILE.TXT;3  ${details}`, 'A VERY LONG NAME.TXT;1', `    ${details}`],
    entries: [vmsFile('A FILE.TXT'), vmsFile('A VERY LONG NAME.TXT')],
  },
  {
    title: 'a name with blanks without a heading, and messages with a version',
    dialect: 'vms',
    lines: [`A FILE.TXT;3  ${details}`, 'cannot open B.TXT;1', '%DIRECT-E-OPENIN, error opening B.TXT;1 as input'],
    entries: [vmsFile('A FILE.TXT')],
    unparsed: ['cannot open B.TXT;1', '%DIRECT-E-OPENIN, error opening B.TXT;1 as input'],
  },
];

const HEAD = 'File         Code             EOF  Last Modification    Owner  RWEP';
const guardianRow = (name: string): string => `${name}        101           16354  20-Nov-24 11:05:06 244, 10  "nnnn"`;
const guardianFile = (name: string) => file(name, 16_354, '2024-11-20T11:05:06', { owner: '244,10', group: '244' });
const nonstop: readonly CorpusListing[] = [
  ...['$DATA.KIM', '\\NODE.$DATA.KIM', ' $DATA.KIM'].map(
    (subvolume): CorpusListing => ({
      title: `a subvolume before the heading: ${subvolume}`,
      dialect: 'nonstop',
      lines: [subvolume, '', HEAD, guardianRow('REPORT01')],
      entries: [guardianFile('REPORT01')],
    }),
  ),
  {
    title: 'two subvolumes',
    dialect: 'nonstop',
    lines: ['$DATA.KIM', '', HEAD, guardianRow('A'), '', '$DATA.LEE', '', HEAD, guardianRow('A')],
    entries: [guardianFile('A'), guardianFile('$DATA.LEE.A')],
  },
  {
    title: 'a name like a subvolume among names',
    dialect: 'names',
    lines: ['$DATA.KIM', 'b.txt'],
    entries: ['$DATA.KIM', 'b.txt'].map((name) => ({ name, kind: 'other' as const })),
  },
];

const batch = (protocol: string): CorpusListing => ({
  title: `a batch that came by ${protocol}`,
  dialect: 'connect-enterprise',
  lines: [`-C--E-----${protocol} B ANN1          1234     41 Nov 20 11:05 REPORT`],
  entries: [file('REPORT', 1234, '2024-11-20T11:05', { owner: 'ANN1' })],
});

const named = (title: string, lines: readonly string[], expected: readonly string[] = lines): CorpusListing => ({
  title,
  dialect: 'names',
  lines,
  entries: expected.map((name) => ({ name, kind: 'other' })),
});
const noNames = (title: string, lines: readonly string[]): CorpusListing => ({
  ...named(title, lines, []),
  unparsed: lines,
});
const names: readonly CorpusListing[] = [
  named('a name that begins with a blank beside one that does not', [' a.txt', 'b.txt']),
  named('names with blanks at both places', [' a b.txt', 'b.txt', 'c d.txt']),
  named('backslashes in names of Unix', ['a\\b.txt', 'c.txt', '\\d']),
  named('paths of Windows', ['C:\\pub\\a.txt', 'C:\\pub\\b c.txt'], ['a.txt', 'b c.txt']),
  named('one path of Windows', ['C:\\pub\\a.txt'], ['a.txt']),
  named('paths of Windows without a drive', ['\\pub\\a.txt', '\\pub\\b.txt'], ['a.txt', 'b.txt']),
  named('one such path', ['\\pub\\a.txt'], ['a.txt']),
  named('paths from the current directory of Windows', ['pub\\a.txt', 'pub\\b.txt'], ['a.txt', 'b.txt']),
  noNames('names that all begin with a blank', [' a.txt', ' b.txt']),
  noNames('one name with a backslash', ['pub\\a.txt']),
  noNames('one name that begins with a backslash', ['\\a.txt']),
  noNames('paths of Windows in several directories', ['one\\a.txt', 'two\\b.txt']),
];

const fact = (name: string): string => `type=file;size=7; ${name}`;
const factFile = (name: string) => file(name, 7);
const nameAlone = (name: string) => ({ name, kind: 'other' as const });
const mlsx: readonly CorpusListing[] = [
  {
    title: 'rows without facts beside rows with some',
    dialect: 'mlsx',
    lines: [' a.txt', fact('b.txt'), ' c d', fact('e.txt')],
    entries: [nameAlone('a.txt'), factFile('b.txt'), nameAlone('c d'), factFile('e.txt')],
  },
  {
    title: 'messages beside rows with facts',
    dialect: 'mlsx',
    lines: [fact('b.txt'), ' ls: a.txt: No such file', '  indented', 'c.txt'],
    entries: [factFile('b.txt')],
    unparsed: [' ls: a.txt: No such file', '  indented', 'c.txt'],
  },
];

export const otherDoubts: readonly CorpusListing[] = [
  ...blocks,
  ...vms,
  ...nonstop,
  ...['AS2', 'SSH', 'HTTP', 'HTTPS'].map(batch),
  ...names,
  ...mlsx,
];
