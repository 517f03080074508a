/** Describes the options of transfers. */
import type { CommandOption } from '../command.js';

export const LIMIT_RATE: CommandOption = {
  flags: '--limit-rate <rate>',
  about: 'bytes a second at most, such as 500K or 2M (1 K is 1024)',
};

export const SESSIONS: CommandOption = {
  flags: '-j, --sessions <number>',
  about: 'how many sessions to work with; 1 unless it is given',
};

export const SEGMENTS: CommandOption = {
  flags: '--segments <number>',
  about: 'download a large file in so many parts at the same time, 64 at most, over one session more than parts',
};

export const TRANSFER_OPTIONS: readonly CommandOption[] = [
  LIMIT_RATE,
  {
    flags: '--exists <choice>',
    about: 'how to treat an existing file; overwrite unless it is given',
    choices: ['overwrite', 'skip', 'resume', 'rename', 'newer', 'fail'],
  },
  { flags: '--resume', about: 'continue the partial file of an earlier run: --exists resume' },
  {
    flags: '--verify <proof>',
    about: 'compare the size, or the checksum that the server computes',
    choices: ['size', 'hash'],
  },
  { flags: '--keep-time', about: 'give the copy the time of the original' },
];
