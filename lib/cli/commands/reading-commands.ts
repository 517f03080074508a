/** Describes the subcommands that read files. */
import type { CommandDescription } from '../command.js';
import { describe } from './describe.js';
import { LIMIT_RATE, SEGMENTS, TRANSFER_OPTIONS } from './transfer-flags.js';

const COUNTS = [
  { flags: '-n, --lines <count>', about: 'so many lines, 10 unless it is given' },
  { flags: '-c, --bytes <count>', about: 'so many bytes, in place of lines' },
];

const cat = describe('cat', '<url...>', {
  about: 'Write files to stdout.',
  options: [LIMIT_RATE],
  examples: [
    { line: 'rxftp cat ftp://ftp.example.com/log.gz | gunzip | less', about: 'read a file without storing it' },
    { line: 'rxftp cat ftp://ftp.example.com/a.iso --limit-rate 500K > a.iso', about: 'at 500 KiB a second at most' },
  ],
  load: () => import('../run/cat.js'),
});

const head = describe('head', '<url>', {
  about: 'Write the beginning of a file to stdout.',
  more: 'The transfer is aborted as soon as the lines are there.',
  options: COUNTS,
  examples: [
    { line: 'rxftp head ftp://ftp.example.com/data.csv -n 1', about: 'the heading of a table' },
    { line: 'rxftp head ftp://ftp.example.com/a.bin -c 16 | xxd', about: 'the first 16 bytes' },
  ],
  load: () => import('../run/head.js'),
});

const tail = describe('tail', '<url>', {
  about: 'Write the end of a file to stdout.',
  more: 'Only the end is transferred. The server has to know SIZE and REST.',
  options: COUNTS,
  examples: [
    { line: 'rxftp tail ftp://ftp.example.com/log/today.log -n 100', about: 'the last 100 lines' },
    { line: 'rxftp tail ftp://ftp.example.com/a.zip -c 22 | xxd', about: 'the last 22 bytes' },
  ],
  load: () => import('../run/tail.js'),
});

const get = describe('get', '<url> [file]', {
  about: 'Download a file.',
  more: 'The local file has its name only when it is whole. Until then the bytes are in a file beside it that ends in .part.',
  options: [...TRANSFER_OPTIONS, SEGMENTS],
  examples: [
    { line: 'rxftp get ftp://ftp.example.com/pub/a.iso', about: 'into this directory' },
    {
      line: 'rxftp get ftpes://me@ftp.example.com/a.iso b.iso --resume --keep-time',
      about: 'continue where an earlier run ended',
    },
  ],
  load: () => import('../run/get.js'),
});

export const READING_COMMANDS: readonly CommandDescription[] = [cat, head, tail, get];
