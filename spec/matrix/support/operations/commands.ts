/** Operations of one command, and of a sequence. */
import { map, tap } from 'rxjs';
import { FtpReplyError, type Reply } from '../../../../lib/index.js';
import { type Operation, reading, reply, resembling, writing } from '../operation.js';

/** A refusal is a value of a sequence: what it means is left to its user. */
function requireGood(answer: Reply): void {
  if (answer.class !== 2) throw new FtpReplyError('the server refused', { reply: answer });
}

export const commands: readonly Operation[] = [
  reading('command', 'pwd$', (ftp) => ftp.pwd$()),
  writing(
    'command',
    'cwd$',
    reply((ftp) => ftp.cwd$('/')),
  ),
  writing(
    'command',
    'cdup$',
    reply((ftp) => ftp.cdup$()),
  ),
  reading('command', 'size$', (ftp) => ftp.size$('/a')),
  reading('command', 'mdtm$', (ftp) => ftp.mdtm$('/a')),
  writing(
    'command',
    'mfmt$',
    reply((ftp) => ftp.mfmt$('/x', new Date('2020-01-02T03:04:05Z'))),
  ),
  writing(
    'command',
    'chmod$',
    reply((ftp) => ftp.chmod$('/x', 0o644)),
  ),
  reading('command', 'mlst$', (ftp) => ftp.mlst$('/a')),
  writing(
    'command',
    'dele$',
    reply((ftp) => ftp.dele$('/x')),
  ),
  writing('command', 'mkd$', (ftp) => ftp.mkd$('/new')),
  writing(
    'command',
    'rmd$',
    reply((ftp) => ftp.rmd$('/empty')),
  ),
  reading(
    'command',
    'noop$',
    reply((ftp) => ftp.noop$()),
  ),
  reading(
    'command',
    'syst$',
    reply((ftp) => ftp.syst$()),
  ),
  reading(
    'command',
    'stat$',
    reply((ftp) => ftp.stat$()),
  ),
  ...resembling(
    reading(
      'command',
      'stat$ of a path',
      reply((ftp) => ftp.stat$('/a')),
    ),
    writing(
      'command',
      'acct$',
      reply((ftp) => ftp.acct$('sales')),
    ),
    writing(
      'command',
      'allo$',
      reply((ftp) => ftp.allo$(1000, 10)),
    ),
    writing(
      'command',
      'smnt$',
      reply((ftp) => ftp.smnt$('/dir')),
    ),
    reading(
      'command',
      'abor$',
      reply((ftp) => ftp.abor$()),
    ),
  ),
  reading('command', 'feat$', (ftp) => ftp.feat$().pipe(map((features) => features.has('SIZE')))),
  writing(
    'command',
    'type$',
    reply((ftp) => ftp.type$('A')),
  ),
  writing(
    'command',
    'site$',
    reply((ftp) => ftp.site$('CHMOD 600 /x')),
  ),
  writing(
    'command',
    'send$',
    reply((ftp) => ftp.send$('DELE /x')),
  ),
  writing(
    'command',
    'exchange$',
    reply((ftp) => ftp.exchange$('DELE /x', { expect: 2 })),
  ),
  writing(
    'command',
    'opts$',
    reply((ftp) => ftp.opts$('MLST', 'type;size;')),
  ),
  writing(
    'command',
    'mode$',
    reply((ftp) => ftp.mode$('S')),
  ),
  reading(
    'command',
    'help$',
    reply((ftp) => ftp.help$('SIZE')),
  ),
  writing(
    'sequence',
    'rename$',
    reply((ftp) => ftp.rename$('/x', '/y')),
  ),
  writing(
    'sequence',
    'sequence$',
    reply((ftp) => ftp.sequence$((commands) => commands.send$('DELE /x').pipe(tap(requireGood)))),
  ),
];
