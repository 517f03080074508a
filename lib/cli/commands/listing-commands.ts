/** Describes the subcommands that look at directories and files. */
import type { CommandDescription } from '../command.js';
import { describe } from './describe.js';
import { SESSIONS } from './transfer-flags.js';

const ls = describe('ls', '<url...>', {
  about: 'List directories.',
  more: 'Times are in UTC if the server tells its zone. Rows come as the server lists them.',
  options: [{ flags: '-a, --all', about: 'list names that begin with a dot too, if the server can' }],
  examples: [
    { line: 'rxftp ls ftp://ftp.example.com/pub', about: 'as anonymous' },
    { line: 'rxftp ls ftpes://me@ftp.example.com/ --json', about: 'one JSON value for each entry' },
  ],
  load: () => import('../run/ls.js'),
});

const DEPTH = { flags: '--depth <number>', about: 'how deep: 0 is the directory itself; all unless it is given' };

const tree = describe('tree', '<url...>', {
  about: 'Show directories with all that is below them.',
  options: [DEPTH, SESSIONS],
  examples: [
    { line: 'rxftp tree ftp://ftp.example.com/pub', about: 'as a drawing' },
    {
      line: 'rxftp tree ftp://ftp.example.com/pub --depth 1 --json',
      about: 'two levels, one JSON value for each entry',
    },
  ],
  load: () => import('../run/tree.js'),
});

const find = describe('find', '<url> [glob]', {
  about: 'Show the paths below a directory, or those that match a pattern.',
  more: 'The pattern is of the path below the URL: * stays in one directory, ** goes into all. Quote it, or the shell reads it first.',
  options: [
    { flags: '--type <kind>', about: 'only these', choices: ['file', 'directory', 'symlink'] },
    DEPTH,
    SESSIONS,
  ],
  examples: [
    { line: "rxftp find ftp://ftp.example.com/logs '**/*.log'", about: 'in all directories below' },
    { line: "rxftp find ftp://ftp.example.com/logs '2024-*/*' --type file", about: 'files one level below' },
  ],
  load: () => import('../run/find.js'),
});

const du = describe('du', '<url...>', {
  about: 'Add up the sizes of all files below directories.',
  options: [SESSIONS],
  examples: [
    { line: 'rxftp du ftp://ftp.example.com/pub', about: 'bytes, files, directories' },
    { line: 'rxftp du ftp://ftp.example.com/a ftp://ftp.example.com/b -j 4', about: 'over four sessions at a time' },
  ],
  load: () => import('../run/du.js'),
});

const stat = describe('stat', '<url...>', {
  about: 'Show the facts that the server tells about a file or directory.',
  examples: [
    { line: 'rxftp stat ftp://ftp.example.com/pub/a.iso', about: 'size, time, permissions' },
    { line: 'rxftp stat ftp://ftp.example.com/a --json || echo missing', about: 'exit status 5: not there' },
  ],
  load: () => import('../run/stat.js'),
});

const hash = describe('hash', '<url...>', {
  about: 'Show checksums that the server computes.',
  options: [
    {
      flags: '--algorithm <name>',
      about: 'the strongest that the server has, unless it is named',
      choices: ['SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'CRC32'],
    },
  ],
  examples: [
    { line: 'rxftp hash ftp://ftp.example.com/pub/a.iso', about: 'by the strongest algorithm that the server has' },
    { line: 'rxftp hash ftp://ftp.example.com/pub/a.iso --algorithm MD5', about: 'by this one' },
  ],
  load: () => import('../run/hash.js'),
});

export const LISTING_COMMANDS: readonly CommandDescription[] = [ls, tree, find, du, stat, hash];
