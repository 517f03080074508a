/** The operations of the matrix, and the tree that they work on. Each gives one value that can be compared as JSON. */
import { map, type Observable, of, reduce, type Subject, switchMap, take, takeUntil, toArray } from 'rxjs';
import { collectBytes, type FtpOperations } from '../../../lib/index.js';
import { type AbortStyle, everyAbortStyle } from '../../support/scripted-server.js';

const text = (letter: string, length: number): string => letter.repeat(length - 2).concat('\r\n');
const content = text('a', 1000) + text('b', 1000) + text('c', 998);

export const files = {
  '/a': content,
  '/x': 'x',
  '/old': 'what was there\r\n',
  '/dir/one': '1',
  '/dir/two': '22',
  '/dir/three': '333',
  '/dir/sub/': '',
  '/empty/': '',
  '/probe': 'what only this file has',
};

/** What an operation is like: a column of the table. */
export type Group = 'login' | 'command' | 'sequence' | 'download' | 'listing' | 'upload' | 'abort';

export interface Context {
  /** Emits when the server has taken the first bytes of an upload. */
  readonly taken$: Subject<void>;
}

export interface Operation {
  readonly name: string;
  readonly group: Group;
  /** Emits the value, as one. */
  readonly run: (ftp: FtpOperations, context: Context) => Observable<unknown>;
  /** It changes nothing at the server. */
  readonly reads: boolean;
  readonly abort?: AbortStyle;
}

type Run = Operation['run'];

const reply = (call: (ftp: FtpOperations) => Observable<{ readonly text: string }>): Run => {
  return (ftp) => call(ftp).pipe(map((answer) => answer.text));
};
const all = (call: (ftp: FtpOperations) => Observable<unknown>): Run => {
  return (ftp) => call(ftp).pipe(toArray());
};
const bytes = (call: (ftp: FtpOperations) => Observable<{ readonly bytes: number }>): Run => {
  return (ftp) => call(ftp).pipe(reduce((_last, progress) => progress.bytes, -1));
};
const whole = (options?: Parameters<FtpOperations['retr$']>[1]): Run => {
  return (ftp) =>
    ftp.retr$('/a', options).pipe(
      collectBytes(),
      map((data) => Buffer.from(data).toString()),
    );
};

const sent = [text('d', 700), text('e', 700), text('f', 700)];
const source = (): Observable<Uint8Array> => of(...sent.map((piece) => Buffer.from(piece)));

/** Gives one piece, and then nothing for as long as anybody waits. */
async function* unending(): AsyncGenerator<Uint8Array, undefined> {
  yield Buffer.from(sent[0] ?? '');
  await new Promise(() => undefined);
}

const reading = (group: Group, name: string, run: Run): Operation => ({ name, group, run, reads: true });
const writing = (group: Group, name: string, run: Run): Operation => ({ name, group, run, reads: false });

const commands: readonly Operation[] = [
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
];

const transfers: readonly Operation[] = [
  reading('download', 'retr$', whole()),
  reading('download', 'retr$ from 1000', whole({ start: 1000 })),
  reading('download', 'retr$ verified', whole({ verify: 'size' })),
  reading('download', 'retr$ by transfer$', (ftp) =>
    ftp.transfer$('RETR /a').pipe(
      switchMap((transfer) => transfer.bytes),
      collectBytes(),
      map((data) => Buffer.from(data).toString()),
    ),
  ),
  reading(
    'download',
    'retrLines$',
    all((ftp) => ftp.retrLines$('/a')),
  ),
  reading(
    'listing',
    'list$',
    all((ftp) => ftp.list$('/dir')),
  ),
  reading(
    'listing',
    'nlst$',
    all((ftp) => ftp.nlst$('/dir')),
  ),
  reading(
    'listing',
    'mlsd$',
    all((ftp) => ftp.mlsd$('/dir')),
  ),
  reading(
    'listing',
    'entries$',
    all((ftp) => ftp.entries$('/dir')),
  ),
  writing(
    'upload',
    'stor$',
    bytes((ftp) => ftp.stor$('/up', source())),
  ),
  writing(
    'upload',
    'stor$ verified',
    bytes((ftp) => ftp.stor$('/up', source(), { verify: 'size' })),
  ),
  writing(
    'upload',
    'appe$',
    bytes((ftp) => ftp.appe$('/old', source())),
  ),
  writing(
    'upload',
    'stou$',
    bytes((ftp) => ftp.stou$(source(), 'unique')),
  ),
  writing('upload', 'stor$ by transfer$', (ftp) =>
    ftp.transfer$('STOR /up', { source: source() }).pipe(
      switchMap((transfer) => transfer.bytes),
      reduce((length, chunk) => length + chunk.length, 0),
    ),
  ),
  writing(
    'upload',
    'storLines$',
    bytes((ftp) =>
      ftp.storLines$(
        '/up',
        sent.map((line) => line.trimEnd()),
      ),
    ),
  ),
];

const silent = new Set<AbortStyle>(['421', 'silence']);
const styles = everyAbortStyle.filter((style) => !silent.has(style));

const aborts: readonly Operation[] = [
  ...styles.map((abort): Operation => ({ ...reading('abort', `retr$ left, ${abort}`, left), abort })),
  ...styles.slice(0, 2).map((abort): Operation => ({ ...writing('abort', `stor$ left, ${abort}`, leftUpload), abort })),
  {
    ...reading('abort', 'mlsd$ left', (ftp) =>
      ftp.mlsd$('/dir').pipe(
        take(1),
        map(() => 'left'),
      ),
    ),
    abort: '426+225',
  },
];

/** Its server sends the first piece, and then waits for the client to leave. */
function left(ftp: FtpOperations): Observable<unknown> {
  return ftp.retr$('/a').pipe(
    take(1),
    map(() => 'left'),
  );
}

function leftUpload(ftp: FtpOperations, { taken$ }: Context): Observable<unknown> {
  return ftp.stor$('/up', unending()).pipe(
    takeUntil(taken$),
    reduce(() => 0, 0),
  );
}

/** The login is played by whoever opens the session; `pwd$` is what waits for it. */
const login: Operation = reading('login', 'login', (ftp) => ftp.pwd$());

export const operations: readonly Operation[] = [login, ...commands, ...transfers, ...aborts];
