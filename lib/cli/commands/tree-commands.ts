/** Describes the subcommands that copy trees. */
import type { CommandDescription } from '../command.js';
import { describe } from './describe.js';
import { LIMIT_RATE, SESSIONS } from './transfer-flags.js';

const mirror = describe('mirror', '<from> <to>', {
  about: 'Make one tree equal to another: a URL and a directory, in either order, or two URLs.',
  more: 'Files are compared by size and time, unless --compare names another way. Nothing is removed without --delete. Each file has its final name only when it is whole. If a directory cannot be listed, the rest is done, and the exit status is 1.',
  options: [
    { flags: '-n, --dry-run', about: 'show the steps, and change nothing' },
    { flags: '--delete', about: 'remove entries that the source does not have' },
    { flags: '--max-delete <number>', about: 'do nothing if it would remove more than this' },
    { flags: '--include <pattern>', about: 'only paths that fit; may be given several times', repeats: true },
    {
      flags: '--exclude <pattern>',
      about: 'paths that are neither copied nor removed; may be given several times',
      repeats: true,
    },
    { flags: '--ignore-file <file>', about: 'exclude by the rules of this file of the source, as of a .gitignore' },
    {
      flags: '--compare <way>',
      about: 'how files are found to differ; size+time unless it is given',
      choices: ['size+time', 'size', 'hash', 'manifest'],
    },
    { flags: '--follow-links', about: 'copy the targets of links, in place of leaving links out' },
    { flags: '--continue', about: 'go on after a failed step' },
    { flags: '--in-place', about: 'write under final names, for a server that allows no rename' },
    { flags: '--plan <file>', about: 'write the steps to a file as JSON, and change nothing' },
    { flags: '--apply <file>', about: 'do the steps of such a file, all of them' },
    LIMIT_RATE,
    SESSIONS,
  ],
  examples: [
    { line: 'rxftp mirror site ftpes://me@ftp.example.com/www --delete --dry-run', about: 'what would be done' },
    { line: "rxftp mirror ftp://ftp.example.com/pub pub --exclude '*.iso' -j 4", about: 'over four sessions' },
  ],
  load: () => import('../run/mirror.js'),
});

const publish = describe('publish', '<dir> <url>', {
  about: 'Put a local directory in the place of a remote one, by two renames.',
  more: 'The tree is uploaded beside the old one, and checked. Between the renames the target is absent. If anything fails before, the old tree stays.',
  options: [
    { flags: '--keep <number>', about: 'how many old trees stay beside the new one; 1 unless it is given' },
    { flags: '--verify <proof>', about: 'compare sizes, or also checksums', choices: ['size', 'hash'] },
    SESSIONS,
  ],
  examples: [
    { line: 'rxftp publish dist ftpes://me@ftp.example.com/www/site', about: 'the old tree stays beside it' },
    { line: 'rxftp publish dist ftpes://me@ftp.example.com/www/site --keep 0', about: 'the old tree is removed' },
  ],
  load: () => import('../run/publish.js'),
});

export const TREE_COMMANDS: readonly CommandDescription[] = [mirror, publish];
