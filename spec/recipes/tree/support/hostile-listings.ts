/** Forty names that a server should not list, and the rows of each format of listings that the library reads. */
import { posixNames, windowsNames } from '../../../../lib/recipes/tree/names.js';

export const HOSTILE: readonly string[] = [
  ...['.', '..', '/', '//', '../..', '../x', './x', 'a/../b', 'a/b', '/etc/passwd', '//host/share/x', '~/x'],
  ...['..\\x', 'a\\..\\..\\b', '\\x', '\\\\host\\share', 'C:\\x', 'C:x', 'C:', 'x:stream', 'x::$DATA', '..:x'],
  ...['a\0b', '..\0', '\0', 'a\nb', 'a\rb', '..\r', '\x1b[2Jx', '\u202egnp.exe'],
  ...['CON', 'nul.txt', 'LPT1', 'COM\u00b9', 'x.', 'x ', ' ..', '.. ', `${'x'.repeat(300)}`, 'a"<>|?*'],
];

/** The rules of local names, by system. */
export const DISKS = [
  { platform: 'linux', rules: posixNames },
  { platform: 'win32', rules: windowsNames },
] as const;

export interface ListingFormat {
  readonly name: string;
  readonly verb: 'MLSD' | 'LIST';
  /** What precedes the rows. */
  readonly heading?: readonly string[];
  row(name: string): string;
  /** Formats that have no directories are listed in those of another one. */
  readonly directory?: (name: string) => string;
  /** What a good name has at its end here. */
  readonly suffix?: string;
  /** A row with a name that the system cannot have is not understood. */
  readonly hasStrictNames?: true;
  readonly tellsNoKinds?: true;
}

const mlsd = {
  row: (name: string): string => `type=file;size=1;modify=20240203040506; ${name}`,
  directory: (name: string): string => `type=dir;modify=20240203040506; ${name}`,
};

/** Those that name directories too. */
export const FORMATS: readonly (ListingFormat & { directory(name: string): string })[] = [
  { name: 'MLSD', verb: 'MLSD', ...mlsd },
  { name: 'MLSD as an answer to LIST', verb: 'LIST', ...mlsd },
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
    row: (name) => `-rw-r--r--  0  1  1 Nov 22  1995 ${name}`,
    directory: (name) => `drwxr-xr-x folder 2 Nov 22  1995 ${name}`,
  },
  {
    ...{
      name: 'VMS',
      verb: 'LIST',
      heading: ['Directory DISK$USER:[ANN.DATA]', ''],
      suffix: '.TXT',
      hasStrictNames: true,
    },
    row: (name) => `${name};1    4/6  12-NOV-2024 10:22:33  [STAFF,ANN]  (RWED,RWED,RE,)`,
    directory: (name) => `${name}.DIR;1    4/6  12-NOV-2024 10:22:33  [STAFF,ANN]  (RWED,RWED,RE,)`,
  },
  {
    ...{ name: 'data sets of z/OS', verb: 'LIST', hasStrictNames: true },
    heading: ['Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname'],
    row: (name) => `SYS001 3390   2024/11/20  1   15  FB      80 27920  PS  ${name}`,
    directory: (name) => `SYS001 3390   2024/11/20  1   15  FB      80 27920  PO  ${name}`,
  },
];

/** Those whose rows are files alone. */
export const FLAT_FORMATS: readonly ListingFormat[] = [
  {
    ...{ name: 'members of z/OS', verb: 'LIST', hasStrictNames: true },
    heading: [' Name     VV.MM   Created       Changed      Size  Init   Mod   Id'],
    row: (name) => ` ${name}    01.04 2024/01/02 2024/01/03 04:05    10    10     0 ANN`,
  },
  {
    ...{ name: 'HP NonStop', verb: 'LIST', hasStrictNames: true },
    heading: ['File         Code             EOF  Last Modification    Owner  RWEP', ''],
    row: (name) => `${name}        101           1  18-Mar-15 15:09:12 244, 10  "nnnn"`,
  },
  {
    ...{ name: 'Connect:Enterprise', verb: 'LIST' },
    row: (name) => `-C--E-----FTP B ANN                 1    7 Nov 12 10:22 ${name}`,
  },
  { ...{ name: 'names alone', verb: 'LIST', suffix: '.txt', tellsNoKinds: true }, row: (name) => name },
];
