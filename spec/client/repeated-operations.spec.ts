/** Which operations are repeated after which errors, with the option `retry`; all that they send is counted. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom, isObservable, type Observable, repeat } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient, FtpEvent } from '../../lib/index.js';
import { upload$ } from '../../lib/recipes/index.js';
import { type Observation, observe } from '../support/observe.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';
import { fakeTimers, pass } from './support/waits.js';

const files = { '/a.txt': 'some bytes', '/dir/b.txt': 'b' };
/** It is told by its greeting, so that the client waits for no surplus replies. */
const greeting = '220 (vsFTPd 3.0.5)';
/** Without EPSV there is no port that was asked for early, whose transfer starts over by itself. */
const options = { mode: 'pasv', retry: { attempts: 3, delayMs: 1 } } as const;

interface Repeated {
  readonly name: string;
  /** The verb that fails. */
  readonly verb: string;
  readonly operation: (ftp: FtpClient) => Observable<unknown>;
  /** `always`: after whatever is temporary; `not begun`: only where the server has done nothing; `never`. */
  readonly repeats: 'always' | 'not begun' | 'never';
  /** It has another way to go when the verb is refused for good, or silent. */
  readonly hasOtherWay?: true;
}

function always(name: string, verb: string, operation: Repeated['operation']): Repeated {
  return { name, verb, operation, repeats: 'always' };
}

function notBegun(name: string, verb: string, operation: Repeated['operation']): Repeated {
  return { name, verb, operation, repeats: 'not begun' };
}

const thisFile = fileURLToPath(import.meta.url);
const bytes = Buffer.from('new');

const OPERATIONS: readonly Repeated[] = [
  always('size$', 'SIZE', (ftp) => ftp.size$('/a.txt')),
  always('mdtm$', 'MDTM', (ftp) => ftp.mdtm$('/a.txt')),
  always('mlst$', 'MLST', (ftp) => ftp.mlst$('/a.txt')),
  { ...always('lookup$', 'MLST', (ftp) => ftp.lookup$('/a.txt')), hasOtherWay: true },
  always('pwd$', 'PWD', (ftp) => ftp.pwd$()),
  always('stat$', 'STAT', (ftp) => ftp.stat$()),
  always('help$', 'HELP', (ftp) => ftp.help$()),
  always('syst$', 'SYST', (ftp) => ftp.syst$()),
  always('noop$', 'NOOP', (ftp) => ftp.noop$()),
  always('exchange$ of MDTM', 'MDTM', (ftp) => ftp.exchange$('MDTM /a.txt', { expect: 2 })),
  always('retr$', 'RETR', (ftp) => ftp.retr$('/a.txt')),
  always('retr$ with its size', 'SIZE', (ftp) => ftp.retr$('/a.txt', { start: -3 })),
  always('transfer$ of RETR', 'RETR', (ftp) => ftp.transfer$('RETR /a.txt')),
  always('list$', 'LIST', (ftp) => ftp.list$()),
  always('nlst$', 'NLST', (ftp) => ftp.nlst$()),
  always('mlsd$', 'MLSD', (ftp) => ftp.mlsd$()),
  { ...always('entries$', 'MLSD', (ftp) => ftp.entries$()), hasOtherWay: true },
  always('cwd$', 'CWD', (ftp) => ftp.cwd$('/dir')),
  always('cwd$ of a relative path', 'CWD', (ftp) => ftp.cwd$('dir')),
  always('cdup$', 'CDUP', (ftp) => ftp.cdup$()),
  always('type$', 'TYPE', (ftp) => ftp.type$('A')),
  always('opts$', 'OPTS', (ftp) => ftp.opts$('MLST', 'size;')),
  always('stor$ of bytes', 'STOR', (ftp) => ftp.stor$('/new', bytes)),
  always('stor$ of a text', 'STOR', (ftp) => ftp.stor$('/new', 'new')),
  always('stor$ of an array', 'STOR', (ftp) => ftp.stor$('/new', ['n', bytes])),
  always('stor$ of a Blob', 'STOR', (ftp) => ftp.stor$('/new', new Blob(['new']))),
  always('stor$ of a Readable that was not read yet', 'STOR', (ftp) => ftp.stor$('/new', Readable.from(['n', 'ew']))),
  always('stor$ of an open file', 'STOR', (ftp) => ftp.stor$('/new', createReadStream(thisFile))),
  always('storLines$', 'STOR', (ftp) => ftp.storLines$('/new', ['one', 'two'])),
  always('upload$', 'STOR', (ftp) => upload$(ftp, thisFile, '/new')),
  notBegun('dele$', 'DELE', (ftp) => ftp.dele$('/a.txt')),
  notBegun('mkd$', 'MKD', (ftp) => ftp.mkd$('/made')),
  notBegun('rmd$', 'RMD', (ftp) => ftp.rmd$('/empty')),
  notBegun('rename$, at RNTO', 'RNTO', (ftp) => ftp.rename$('/a.txt', '/c.txt')),
  notBegun('site$', 'SITE', (ftp) => ftp.site$('CHMOD 644 /a.txt')),
  notBegun('appe$', 'APPE', (ftp) => ftp.appe$('/a.txt', 'more')),
  notBegun('stou$', 'STOU', (ftp) => ftp.stou$('more')),
  notBegun('exchange$ of DELE', 'DELE', (ftp) => ftp.exchange$('DELE /a.txt', { expect: 2 })),
  notBegun('transfer$ of APPE', 'APPE', (ftp) => ftp.transfer$('APPE /a.txt', { source: 'more' })),
  { name: 'acct$', verb: 'ACCT', operation: (ftp) => ftp.exchange$('ACCT x', { expect: 2 }), repeats: 'never' },
];

const ANSWERS = { SITE: '200 Done.', HELP: '214 Help.', ACCT: '230 In.', RMD: '250 Gone.', SYST: '215 UNIX' };

async function serverFor(greets: string = greeting): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting: greets });
  for (const [verb, reply] of Object.entries(ANSWERS)) server.answer(verb, reply);
  return server;
}

interface Fault {
  readonly name: string;
  readonly handler: Handler;
  /** The classes that are repeated after it. */
  readonly after: readonly Repeated['repeats'][];
}

function refusal(reply: string, after: Fault['after']): Fault {
  return { name: reply, handler: (session) => session.reply(reply), after };
}

const FAULTS: readonly Fault[] = [
  refusal('421 Service not available.', ['always', 'not begun']),
  refusal('425 No data connection.', ['always', 'not begun']),
  refusal('426 Broken off.', ['always']),
  refusal('450 Busy.', ['always', 'not begun']),
  refusal('451 Local error.', ['always']),
  refusal('452 No room.', []),
  refusal('550 No.', []),
  refusal('552 Over quota.', []),
  { name: 'a lost connection', handler: (session) => session.closeControl('rst'), after: ['always'] },
];

const AFTER_LOGIN = 'OPTS UTF8 ON';

function sent(server: ScriptedServer, verb: string): number {
  return server.commands.filter((line) => line.split(' ')[0] === verb && line !== AFTER_LOGIN).length;
}

/** Runs the operation, with the bytes of a `transfer$`. */
function run({ operation }: Repeated, ftp: FtpClient): Observation<unknown> {
  return observe(operation(ftp), {
    next: (value) => {
      if (typeof value === 'object' && value !== null && 'bytes' in value && isObservable(value.bytes))
        value.bytes.subscribe({ error: () => {} });
    },
  });
}

function retryingEvents(ftp: FtpClient): FtpEvent[] {
  const events: FtpEvent[] = [];
  ftp.events$.subscribe((event) => {
    if (event.type === 'retrying') events.push(event);
  });
  return events;
}

/** `once`, but for the OPTS of the login. */
function failOnce(server: ScriptedServer, verb: string, handler: Handler): void {
  let failed = false;
  const before: Handler = async (session, argument, command) => {
    const isLogin = `${verb} ${argument}` === AFTER_LOGIN;
    if (failed || isLogin) {
      const reply = ANSWERS[verb as keyof typeof ANSWERS];
      await (reply === undefined || isLogin ? command.byDefault() : session.reply(reply));
      return;
    }
    failed = true;
    await handler(session, argument, command);
  };
  server.on(verb, before);
}

describe('with the option retry', () => {
  for (const repeated of OPERATIONS) {
    const { name, verb, repeats, hasOtherWay } = repeated;
    const faults = FAULTS.filter(({ after }) => after.length > 0 || hasOtherWay !== true);
    it.each(faults)(`${name} is repeated, or not, after $name`, async ({ handler, after }) => {
      await using server = await serverFor();
      await using ftp = clientOf(server, options);
      failOnce(server, verb, handler);
      const events = retryingEvents(ftp);
      const expected = after.includes(repeats);
      expect(await run(repeated, ftp).ended).toBe(expected ? 'complete' : 'error');
      expect(sent(server, verb)).toBe(expected ? 2 : 1);
      expect(events).toHaveLength(expected ? 1 : 0);
    });
  }

  it.each(
    OPERATIONS.filter(({ hasOtherWay }) => hasOtherWay !== true),
  )('$name is repeated after a timeout, or not', async (repeated) => {
    const { verb, repeats } = repeated;
    await using server = await serverFor();
    failOnce(server, verb, () => {});
    fakeTimers();
    const ftp = clientOf(server, { ...options, retry: { delayMs: 1_000 }, replyTimeoutMs: 5_000 });
    const observed = run(repeated, ftp);
    await server.received(verb, verb === 'OPTS' ? 2 : 1);
    for (let second = 0; second < 12 && observed.end === undefined; second += 1) await pass(1_000);
    const expected = repeats === 'always';
    expect(await observed.ended).toBe(expected ? 'complete' : 'error');
    expect(sent(server, verb)).toBe(expected ? 2 : 1);
    await observe(ftp.close$()).settled;
  });
});

describe('work that was not done at the server is repeated', () => {
  const hangUp: Handler = (session) => session.closeControl('rst');

  it.each([
    ['a rename that was lost at RNFR', 'RNFR', hangUp, (ftp: FtpClient) => ftp.rename$('/a.txt', '/c.txt')],
    ['an APPE that was lost at its port', 'PASV', hangUp, (ftp: FtpClient) => ftp.appe$('/a.txt', 'more')],
    ['a STOU that was lost at its port', 'PASV', hangUp, (ftp: FtpClient) => ftp.stou$('more')],
    [
      'a DELE whose session cannot be brought to its directory for now',
      'CWD',
      (session) => session.reply('451 Not now.'),
      (ftp: FtpClient) => ftp.dele$('b.txt'),
    ],
  ] satisfies [string, string, Handler, Repeated['operation']][])('%s', async (name, verb, handler, operation) => {
    // Where RNTO leaves with RNFR, it is not known what was done.
    await using server = await serverFor(verb === 'RNFR' ? '220 Ready.' : greeting);
    await using ftp = clientOf(server, options);
    if (name.startsWith('a DELE')) {
      await observe(ftp.cwd$('/dir')).settled;
      const lost = firstValueFrom(ftp.events$.pipe(filter(({ type }) => type === 'closed')));
      await server.sessions[0]?.closeControl();
      await lost;
    }
    server.once(verb, handler);
    const events = retryingEvents(ftp);
    expect(await observe<unknown>(operation(ftp)).ended).toBe('complete');
    expect(events).toHaveLength(1);
  });

  it('not a rename whose RNTO was written too', async () => {
    await using server = await serverFor();
    server.once('RNFR', hangUp);
    await using ftp = clientOf(server, options);
    expect(await observe(ftp.rename$('/a.txt', '/c.txt')).failed).toMatchObject({ outcome: 'unknown' });
    expect(sent(server, 'RNFR')).toBe(1);
  });

  it('mlsd$ whose facts were chosen before it failed', async () => {
    await using server = await serverFor();
    server.once('MLSD', hangUp);
    await using ftp = clientOf(server, options);
    const listed = observe(ftp.mlsd$('/dir', { facts: ['size'] }));
    expect((await listed.settled).map(({ name }) => name)).toContain('b.txt');
    expect(server.commands.filter((line) => line === 'OPTS MLST size;')).toHaveLength(2);
  });

  it('retr$ whose bytes came to an earlier subscription of repeat()', async () => {
    await using server = await serverFor();
    await using ftp = clientOf(server, options);
    let asked = 0;
    server.on('RETR', (session, _path, command) => {
      asked += 1;
      return asked === 2 ? session.closeControl('rst') : command.byDefault();
    });
    const chunks = await observe(ftp.retr$('/a.txt').pipe(repeat(2))).settled;
    expect(chunks.map(String)).toEqual(['some bytes', 'some bytes']);
    expect(asked).toBe(3);
  });

  it('not a transfer$ that was begun', async () => {
    await using server = await serverFor();
    server.once('RETR', async (session) => {
      await session.reply('150 Go on.', '451 Not now.');
      session.link?.reset();
    });
    await using ftp = clientOf(server, options);
    expect(await run({ operation: (on) => on.transfer$('RETR /a.txt') } as Repeated, ftp).ended).toBe('error');
    expect(sent(server, 'RETR')).toBe(1);
  });
});
