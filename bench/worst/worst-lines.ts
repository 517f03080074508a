/**
 * Measures the worst lines of a listing: 1 MiB of each dialect's rows, and of bytes that are not UTF-8, in milliseconds a line. Time that
 * is more than linear shows as seconds.
 */
import { performance } from 'node:perf_hooks';
import type { Dialect } from '../../lib/protocol/index.js';
import { ListingParser } from '../../lib/protocol/index.js';
import { decodeLine } from '../../lib/streams/decode-line.js';
import { markdownTable } from '../report/markdown.js';

const BYTES = 1 << 20;
/** No line may take longer, in milliseconds; decoding one, less than half. */
const GOAL_MS = 50;
const RUNS = 5;

const DIALECTS: readonly Dialect[] = ['unix', 'dos', 'mlsx', 'eplf', 'vms', 'zos', 'os400', 'nonstop'].concat([
  'netware',
  'os2',
  'mac',
  'connect-enterprise',
  'names',
]) as readonly Dialect[];

const UNIX = '-rw-r--r-- 1 ann staff 7 Nov 20 11:05';
const DOS = '04-08-14  02:09PM 1';

/** What precedes, and what is repeated. */
const shapes: readonly (readonly [title: string, head: string, part: string, tail?: string])[] = [
  ['blanks', '', ' '],
  ['blanks and a letter', '', ' ', 'x'],
  ['tabs', '', '\t'],
  ['letters', '', 'a'],
  ['digits', '', '1'],
  ['dots', '', '.'],
  ['slashes', '', '/', 'x/'],
  ['colons', '', ':'],
  ['CR', '', 'a\r'],
  ['NUL', '', '\0'],
  ['a name', `${UNIX} `, 'x'],
  ['a name of blanks', `${UNIX} `, ' '],
  ['columns', '-rw-r--r-- ', '1 '],
  ['columns of digits', '-rw-r--r-- 1 ', '1'],
  ['dates', '-rw-r--r-- 1 ann staff 1 ', 'Nov 20 '],
  ['numeric dates', '-rw-r--r-- 1 ann staff 1 ', '20-'],
  ['commas', '-rw-r--r-- 1 ann staff ', '1,'],
  ['arrows', 'lrwxrwxrwx 1 ann staff 1 Nov 20 11:05 ', ' -> '],
  ['a link of its size', `lrwxrwxrwx 1 ann staff ${BYTES - 60} Nov 20 11:05 `, ' -> '],
  ['permissions', '', '-rwx'],
  ['a DOS date', '', '04-'],
  ['a DOS name', `${DOS} `, ' ['],
  ['a DOS mark', '04-08-14  02:09PM ', '<'],
  ['a DOS size in groups', '04-08-14  02:09PM 1', ' 234', ' x'],
  ['facts', '', 'a=b;', ' x'],
  ['facts with blanks', 'type=file ', 'a=b; ', 'x'],
  ['a free text', 'UNIX.owner=', 'a ;', ' x'],
  ['names of months', '-rw-r--r-- 1 ann staff 1 ', 'lip 20 '],
  ['words behind a time', `${UNIX} `, 'AM '],
  ['a local heading', ' Verzeichnis von ', 'C:\\'],
  ['a local sum', '1', ' 234', ' Bytes'],
  ['a heading with blanks', 'a ', 'b ', ':'],
  ['semicolons', '', ';', ' x'],
  ['equals signs', '', '=', ' x'],
  ['EPLF facts', '+', 'r,', '\tx'],
  ['EPLF without a tab', '+', 'r,'],
  ['a VMS name', '', 'A;1'],
  ['VMS details', 'A.TXT;1 ', '[A,'],
  ['a VMS heading', 'Directory ', '['],
  ['a z/OS heading', 'Volume Unit Referred ', 'Dsnam '],
  ['z/OS phrases', '', 'Migrated '],
  ['JES words', '', 'JOB00012 '],
  ['OS/400 types', 'ANN ', '*STMF '],
  ['NonStop owners', 'A 1 1 1-Jan-24 1:1 1,', ' '],
  ['NetWare rights', '- [', 'R'],
  ['OS/2 attributes', '1 ', 'A '],
  ['Mac forks', '-rw-r--r-- ', '0 '],
  ['batch flags', '-', '-'],
  ['a sum', 'total ', '8'],
  ['a STAT prefix', '213-', '213-'],
  ['a block heading', './', 'a/', ':'],
];

/** A section of the report. */
export function worstLinesSection(): string {
  const rows = shapes.map(([title, head, part, tail = '']) => {
    const line = head + part.repeat(Math.ceil(BYTES / part.length)) + tail;
    const detected = medianMs(() => read(line, undefined));
    const each = DIALECTS.map((dialect) => [medianMs(() => read(line, dialect)), dialect] as const);
    const [ms, dialect] = each.reduce((worst, one) => (one[0] > worst[0] ? one : worst));
    return [title, detected.toFixed(1), `${ms.toFixed(1)} (${dialect})`, mark(Math.max(ms, detected) <= GOAL_MS)];
  });
  const decoded = undecodable.map(([title, bytes]) => {
    const ms = medianMs(() => decodeLine(bytes));
    return [title, ms.toFixed(1), mark(ms <= GOAL_MS)];
  });
  return [
    '## The worst lines',
    `Milliseconds for a line of 1 MiB, the median of ${RUNS}: as a listing whose dialect is found out, and by the slowest dialect that is named. ${GOAL_MS} ms are the goal.`,
    markdownTable(['1 MiB of', 'found out', 'named', 'reached'], rows),
    markdownTable(['1 MiB of bytes', 'decoded', 'reached'], decoded),
  ].join('\n\n');
}

const undecodable: readonly (readonly [title: string, bytes: Uint8Array])[] = [
  ['0xFF', new Uint8Array(BYTES).fill(0xff)],
  ['continuations alone', new Uint8Array(BYTES).fill(0x80)],
  ['beginnings alone', new Uint8Array(BYTES).fill(0xe4)],
  ['each second byte invalid', Uint8Array.from({ length: BYTES }, (_, index) => (index % 2 === 0 ? 0x61 : 0xff))],
  ['ASCII, and one invalid byte', Uint8Array.from({ length: BYTES }, (_, index) => (index === 5 ? 0xff : 0x61))],
];

function mark(reached: boolean): string {
  return reached ? 'yes' : '**no**';
}

function read(line: string, dialect: Dialect | undefined): void {
  const parser = new ListingParser({ now: new Date(0), dialect });
  parser.parse(line);
  parser.end();
}

function medianMs(work: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? 0;
}
