/** The subcommands that look. */
import type { CommandDescription } from '../command.js';
import { describe } from './describe.js';

const ls = describe('ls', '<url...>', {
  about: 'List directories.',
  more: 'Times are in UTC where the server tells its zone. Rows come as the server lists them.',
  options: [{ flags: '-a, --all', about: 'list names that begin with a dot too, where the server can' }],
  examples: [
    { line: 'rxftp ls ftp://ftp.example.com/pub', about: 'as anonymous' },
    { line: 'rxftp ls ftpes://me@ftp.example.com/ --json', about: 'one JSON value for each entry' },
  ],
  load: () => import('../run/ls.js'),
});

const stat = describe('stat', '<url...>', {
  about: 'Show what the server tells of a file or directory.',
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

export const LISTING_COMMANDS: readonly CommandDescription[] = [ls, stat, hash];
