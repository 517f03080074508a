/** The operations of the tables. */
import { reduce, switchMap } from 'rxjs';
import { collectBytes } from '../../../lib/index.js';
import type { ScriptedServer } from '../../support/scripted-server.js';
import { bytes, count, final, gives, type Row, type Run, replies, reply, site, text, timed, value } from './row.js';

export const files = { '/a': 'seven..', '/x': 'x', '/dir/b': 'four', '/dir/c': 'fives', '/empty/': '' };

const retr: Run = gives((ftp) => ftp.retr$('/a').pipe(collectBytes()), text);
const stor: Run = bytes((ftp) => ftp.stor$('/up', 'data'));
const rename: Run = replies((ftp) => ftp.rename$('/x', '/y'));
const modified = '2024-02-03T04:05:06.000Z';

const paths: readonly Row[] = [
  value(
    'pwd$',
    'PWD',
    gives((ftp) => ftp.pwd$()),
    '/',
    { codes: [257], form: /^"/ },
  ),
  reply('cwd$', 'CWD', (ftp) => ftp.cwd$('/dir')),
  reply('cdup$', 'CDUP', (ftp) => ftp.cdup$()),
  value(
    'mkd$',
    'MKD',
    gives((ftp) => ftp.mkd$('/new')),
    '/new',
    { codes: [200, 250, 257] },
  ),
  reply('rmd$', 'RMD', (ftp) => ftp.rmd$('/empty')),
  reply('dele$', 'DELE', (ftp) => ftp.dele$('/x')),
  value('rename$, RNFR', 'RNFR', rename, '250 Renamed.', { stage: 'first', codes: [350], pair: 'first' }),
  reply('rename$, RNTO', 'RNTO', (ftp) => ftp.rename$('/x', '/y'), { pair: 'second' }),
];

const metadata: readonly Row[] = [
  value(
    'size$',
    'SIZE',
    gives((ftp) => ftp.size$('/a')),
    7,
    { codes: [213], form: /^\d+$/ },
  ),
  value(
    'size$, its TYPE',
    'TYPE',
    gives((ftp) => ftp.size$('/a')),
    7,
    { cold: true, alone: true },
  ),
  value(
    'mdtm$',
    'MDTM',
    gives((ftp) => ftp.mdtm$('/a')),
    modified,
    { codes: [213], form: /^\d{14}$/ },
  ),
  value(
    'avbl$',
    'AVBL',
    gives((ftp) => ftp.avbl$('/')),
    5_000_000,
    { codes: [213], form: /^\d+$/ },
  ),
  reply('mfmt$', 'MFMT', (ftp) => ftp.mfmt$('/a', new Date(0)), { codes: timed }),
  reply('chmod$', 'SITE', (ftp) => ftp.chmod$('/a', 0o644), { codes: site }),
  value(
    'mlst$',
    'MLST',
    gives(
      (ftp) => ftp.mlst$('/a'),
      ({ size }) => size,
    ),
    7,
    { codes: [250], keepsText: true },
  ),
];

const server: readonly Row[] = [
  value(
    'feat$',
    'FEAT',
    gives(
      (ftp) => ftp.feat$(),
      (is) => is.has('SIZE'),
    ),
    true,
    { codes: [211], keepsText: true },
  ),
  reply('opts$', 'OPTS', (ftp) => ftp.opts$('UTF8', 'ON')),
  reply('syst$', 'SYST', (ftp) => ftp.syst$(), { codes: [215, 200] }),
  reply('stat$', 'STAT', (ftp) => ftp.stat$(), { codes: [211, 212, 213], own: '211 All is well.' }),
  reply('help$', 'HELP', (ftp) => ftp.help$(), { codes: [211, 214, 200], own: '214 Read the manual.' }),
  reply('site$', 'SITE', (ftp) => ftp.site$('CHMOD 644 /a'), { codes: site }),
  reply('noop$', 'NOOP', (ftp) => ftp.noop$()),
  reply('acct$', 'ACCT', (ftp) => ftp.acct$('billing'), { codes: [202, 230] }),
  reply('allo$', 'ALLO', (ftp) => ftp.allo$(10)),
  reply('smnt$', 'SMNT', (ftp) => ftp.smnt$('/disk'), { own: '250 Mounted.' }),
  reply('type$', 'TYPE', (ftp) => ftp.type$('A')),
  reply('mode$', 'MODE', (ftp) => ftp.mode$('S')),
  reply('abor$', 'ABOR', (ftp) => ftp.abor$(), { codes: [225, 226, 200], odd: [231, 213] }),
  reply('exchange$', 'DELE', (ftp) => ftp.exchange$('DELE /x', { expect: 2 })),
  reply('send$', 'DELE', (ftp) => ftp.send$('DELE /x'), { raw: true }),
  reply('send$ of an unknown verb', 'XYZZY', (ftp) => ftp.send$('XYZZY'), {
    raw: true,
    alone: true,
    codes: 'any',
    own: '200 Nothing happens.',
  }),
];

const finals: readonly Row[] = [
  final('retr$', 'RETR', retr, 'seven..'),
  final(
    'retrLines$',
    'RETR',
    count((ftp) => ftp.retrLines$('/a')),
    1,
  ),
  final(
    'transfer$',
    'RETR',
    gives(
      (ftp) =>
        ftp.transfer$('RETR /a').pipe(
          switchMap((at) => at.bytes),
          collectBytes(),
        ),
      text,
    ),
    'seven..',
  ),
  final('stor$', 'STOR', stor, 4),
  final(
    'storLines$',
    'STOR',
    bytes((ftp) => ftp.storLines$('/up', ['line'])),
    6,
  ),
  final(
    'appe$',
    'APPE',
    bytes((ftp) => ftp.appe$('/up', 'more')),
    4,
  ),
  final(
    'stou$',
    'STOU',
    bytes((ftp) => ftp.stou$('unique', 'u')),
    6,
  ),
  final(
    'list$',
    'LIST',
    count((ftp) => ftp.list$('/dir')),
    2,
  ),
  final(
    'nlst$',
    'NLST',
    gives((ftp) => ftp.nlst$('/dir').pipe(reduce((all, name) => all + name, ''))),
    'bc',
  ),
  final(
    'mlsd$',
    'MLSD',
    count((ftp) => ftp.mlsd$('/dir')),
    2,
  ),
  final(
    'entries$',
    'MLSD',
    count((ftp) => ftp.entries$()),
    6,
  ),
];

const transfers: readonly Row[] = [
  value('retr$, its first reply', 'RETR', retr, 'seven..', { stage: 'begin', codes: [110, 125, 150], odd: [200, 231] }),
  value(
    'mlsd$, its first reply',
    'MLSD',
    count((ftp) => ftp.mlsd$('/dir')),
    2,
    {
      stage: 'begin',
      codes: [110, 125, 150],
      odd: [200, 231],
    },
  ),
  value('retr$, its TYPE', 'TYPE', retr, 'seven..', { cold: true, alone: true }),
  value('retr$, its EPSV', 'EPSV', retr, 'seven..', { stage: 'port', codes: [229] }),
  value(
    'retr$, its REST',
    'REST',
    gives((ftp) => ftp.retr$('/a', { start: 2 }).pipe(collectBytes()), text),
    'ven..',
    {
      stage: 'first',
      codes: [350],
    },
  ),
  ...finals,
];

export const rows: readonly Row[] = [...paths, ...metadata, ...server, ...transfers];

/** Sets up what the server answers by itself. */
export function prepare(scripted: ScriptedServer, { verb, own }: Row): void {
  if (own !== undefined) scripted.answer(verb, own);
}
