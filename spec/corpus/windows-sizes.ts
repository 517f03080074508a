/** Listings of `dir` whose sizes have signs or blanks between their thousands. */
import { type CorpusListing, directory, file, row } from './corpus.js';

const DATE = '04-08-14  02:09PM';
const TIME = '2014-04-08T14:09';
const inColumns = (size: string, name: string): string => `${DATE} ${size.padStart(20)} ${name}`;
/** Not in IIS's columns, but at the right of columns of their own. */
const german = (size: string, name: string): string => `08.04.2014  14:09    ${size.padStart(14)} ${name}`;
const plain = (size: string, name: string): string => `08.04.2014 14:09 ${size} ${name}`;

const signs = ["'", '’', '.', ',', '\u00a0', '\u202f', '\u2009', '\udca0', '\udcff'].map((sign) =>
  row('dos', inColumns(`1${sign}234`, 'a.txt'), file('a.txt', 1234, TIME)),
);

const blanks: readonly CorpusListing[] = [
  row('dos', inColumns('1 234', 'a.txt'), file('a.txt', 1234, TIME)),
  row('dos', inColumns('12 345 678', '90 a'), file('90 a', 12_345_678, TIME)),
  row('dos', inColumns('1', '234 a.txt'), file('234 a.txt', 1, TIME)),
  {
    title: 'blanks between thousands, and a size that shows the column',
    dialect: 'dos',
    lines: [german('1 234', 'a'), german('999', '123 b'), german('7', 'c')],
    entries: [file('a', 1234, TIME), file('123 b', 999, TIME), file('c', 7, TIME)],
  },
  {
    title: 'blanks between thousands, and a directory that shows the column',
    dialect: 'dos',
    lines: ['08.04.2014  14:09    <DIR>          d', german('1 234 567', 'a'), german('7', '123 b')],
    entries: [directory('d', TIME), file('a', 1_234_567, TIME), file('123 b', 7, TIME)],
  },
  {
    title: 'blanks between thousands, and a name that begins with a blank',
    dialect: 'dos',
    lines: [german('1 234', ' a'), german('7', 'b')],
    entries: [file(' a', 1234, TIME), file('b', 7, TIME)],
  },
  {
    title: 'blanks between thousands in all rows of three',
    dialect: 'dos',
    lines: [german('1 234', 'a'), german('12 345', 'b'), german('5 678', 'c')],
    entries: [file('a', 1234, TIME), file('b', 12_345, TIME), file('c', 5678, TIME)],
  },
  {
    title: 'a size of four digits, and names that begin with three',
    dialect: 'dos',
    lines: [german('7', '123 a'), german('1234', 'b')],
    entries: [file('123 a', 7, TIME), file('b', 1234, TIME)],
  },
  {
    title: 'two rows that do not decide',
    dialect: 'dos',
    lines: [german('1 234', 'a'), german('5 678', 'b')],
    entries: [],
    unparsed: [german('1 234', 'a'), german('5 678', 'b')],
  },
  {
    title: 'sizes at the left, which do not decide',
    dialect: 'dos',
    lines: [plain('1', 'a'), plain('5 678', 'b')],
    entries: [file('a', 1, TIME)],
    unparsed: [plain('5 678', 'b')],
  },
];

const around: readonly CorpusListing[] = [
  [' Datenträger in Laufwerk C: ist Windows', ' Volumeseriennummer: 1234-ABCD', ' Verzeichnis von C:\\pub'].concat([
    '               1 Datei(en),          1.234 Bytes',
    '               2 Verzeichnis(se), 12.345.678 Bytes frei',
  ]),
  [
    " Le volume dans le lecteur C s'appelle OS",
    ' Le numéro de série du volume est 1234-ABCD',
    ' Répertoire de C:\\pub',
  ].concat([
    '               1 fichier(s)            1 234 octets',
    '               2 Rép(s)  12 345 678 octets libres',
  ]),
  [' Том в устройстве C имеет метку OS', ' Серийный номер тома: 1234-ABCD', ' Содержимое папки C:\\pub'].concat([
    '               1 файлов          1 234 байт',
    '               2 папок  12 345 678 байт свободно',
  ]),
].map((lines) => ({
  title: `headings and sums:${lines[2]}`,
  dialect: 'dos' as const,
  lines: [...lines.slice(0, 3), '', german('7', 'a'), ...lines.slice(3)],
  entries: [file('a', 7, TIME)],
}));

const messages: readonly CorpusListing[] = [
  ' Unable to open C:\\pub',
  ' Unable to open A file',
  ' 12 files are not shown',
].map((line) => ({
  title: `a message that is no heading: ${line}`,
  dialect: 'dos' as const,
  lines: [german('7', 'a'), line],
  entries: [file('a', 7, TIME)],
  unparsed: [line],
}));

export const windowsSizes: readonly CorpusListing[] = [...signs, ...blanks, ...around, ...messages];
