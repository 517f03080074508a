/** Describes the subcommands that change the server's files. */
import type { CommandDescription } from '../command.js';
import { describe } from './describe.js';
import { SESSIONS, TRANSFER_OPTIONS } from './transfer-flags.js';

const put = describe('put', '<file> <url>', {
  about: 'Upload a file, or stdin.',
  more: 'The bytes go to a temporary name and are checked by SIZE. Then the file is renamed: no partial file has the final name. A URL that ends in a slash keeps the local name. The file - is stdin.',
  options: [
    ...TRANSFER_OPTIONS,
    { flags: '--in-place', about: 'write under the final name, for a server that allows no rename' },
  ],
  examples: [
    { line: 'rxftp put site.zip ftpes://me@ftp.example.com/backup/', about: 'into a directory' },
    { line: 'tar cz site | rxftp put - ftpes://me@ftp.example.com/site.tgz', about: 'what another program writes' },
  ],
  load: () => import('../run/put.js'),
});

const mkdir = describe('mkdir', '<url...>', {
  about: 'Make directories.',
  options: [{ flags: '-p, --parents', about: 'also the directories above; an existing one is no error' }],
  examples: [
    { line: 'rxftp mkdir ftpes://me@ftp.example.com/backup', about: 'in the directory of the login' },
    { line: 'rxftp mkdir -p ftpes://me@ftp.example.com//srv/a/b', about: 'two slashes: from the root' },
  ],
  load: () => import('../run/mkdir.js'),
});

const rm = describe('rm', '<url...>', {
  about: 'Delete files.',
  more: 'It never goes through a link: the link itself is removed.',
  options: [
    { flags: '-r, --recursive', about: 'directories too, with their content' },
    { flags: '-d, --dir', about: 'empty directories' },
    SESSIONS,
  ],
  examples: [
    { line: 'rxftp rm ftpes://me@ftp.example.com/old.zip', about: 'a file' },
    { line: 'rxftp rm -r ftpes://me@ftp.example.com/old', about: 'a directory with all that is in it' },
  ],
  load: () => import('../run/rm.js'),
});

const mv = describe('mv', '<url> <path>', {
  about: 'Rename or move a file on its server.',
  more: 'The path is relative to the directory of the login, unless it begins with a slash.',
  examples: [
    { line: 'rxftp mv ftpes://me@ftp.example.com/a.txt b.txt', about: 'another name' },
    { line: 'rxftp mv ftpes://me@ftp.example.com/in/a.txt done/a.txt', about: 'another directory' },
  ],
  load: () => import('../run/mv.js'),
});

const chmod = describe('chmod', '<url> <mode>', {
  about: 'Set the permissions of a file.',
  examples: [
    { line: 'rxftp chmod ftpes://me@ftp.example.com/run.sh 755', about: 'in octal' },
    { line: 'rxftp chmod ftpes://me@ftp.example.com/notes.txt 0640', about: 'a leading zero changes nothing' },
  ],
  load: () => import('../run/chmod.js'),
});

export const WRITING_COMMANDS: readonly CommandDescription[] = [put, mkdir, rm, mv, chmod];
