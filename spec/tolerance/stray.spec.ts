/**
 * One stray reply at every place of a session, behind a reply in its packet or a while later: no operation gives a wrong
 * value, and the session goes on.
 *
 * The server's greeting names no product, and every operation uses a verb for the first time. So the client waits after
 * each of them for a surplus reply.
 */
import { lastValueFrom, map, type Observable, reduce, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, type FtpClient, FtpTransferError } from '../../lib/index.js';
import { type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { lagMs } from './support/faults.js';
import { someClient } from './support/open.js';
import { unknownServer } from './support/play.js';

const files = { '/a': 'abc', '/dir/b': 'four', '/dir/c': 'fives', '/old': 'x' };
const modified = '2024-02-03T04:05:06.000Z';

type Step = readonly [name: string, run: (ftp: FtpClient) => Observable<unknown>, value: unknown];

const done = (name: string, run: (ftp: FtpClient) => Observable<unknown>): Step => [
  name,
  (ftp) => run(ftp).pipe(map(() => 'done')),
  'done',
];
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

const script: readonly Step[] = [
  ['PWD', (ftp) => ftp.pwd$(), '/'],
  ['SIZE', (ftp) => ftp.size$('/a'), 3],
  ['MDTM', (ftp) => ftp.mdtm$('/a').pipe(map((date) => date.toISOString())), modified],
  done('NOOP', (ftp) => ftp.noop$()),
  ['RETR', (ftp) => ftp.retr$('/a').pipe(collectBytes(), map(text)), 'abc'],
  done('CWD', (ftp) => ftp.cwd$('/dir')),
  ['NLST', (ftp) => ftp.nlst$().pipe(reduce((all, name) => all + name, '')), 'bc'],
  ['LIST', (ftp) => ftp.list$().pipe(reduce((all, line) => all + line.slice(-1), '')), 'bc'],
  ['MLSD', (ftp) => ftp.mlsd$().pipe(reduce((all, { name, size }) => `${all}${name}${size}`, '')), 'b4c5'],
  ['MLST', (ftp) => ftp.mlst$('c').pipe(map(({ size }) => size)), 5],
  done('CDUP', (ftp) => ftp.cdup$()),
  ['MKD', (ftp) => ftp.mkd$('/new'), '/new'],
  ['STOR', (ftp) => ftp.stor$('/new/up', 'upload').pipe(map(({ bytes }) => bytes)), 6],
  ['APPE', (ftp) => ftp.appe$('/new/up', '!').pipe(map(({ bytes }) => bytes)), 1],
  done('RNFR, RNTO', (ftp) => ftp.rename$('/old', '/older')),
  done('DELE', (ftp) => ftp.dele$('/older')),
  done('SITE', (ftp) => ftp.chmod$('/a', 0o600)),
  done('MFMT', (ftp) => ftp.mfmt$('/a', new Date(modified))),
  ['FEAT', (ftp) => ftp.feat$().pipe(map((features) => features.has('SIZE'))), true],
  done('SYST', (ftp) => ftp.syst$()),
  done('STAT', (ftp) => ftp.stat$()),
  done('HELP', (ftp) => ftp.help$()),
];

/** After a stray reply that came last. */
const again: readonly Step[] = [
  ['RETR at last', (ftp) => ftp.retr$('/dir/b').pipe(collectBytes(), map(text)), 'four'],
  ['SIZE at last', (ftp) => ftp.size$('/dir/c'), 5],
  ['PWD at last', (ftp) => ftp.pwd$(), '/'],
  [
    'MLSD at last',
    (ftp) =>
      ftp.entries$('/dir').pipe(
        toArray(),
        map((all) => all.length),
      ),
    2,
  ],
];

async function play(ftp: FtpClient, steps: readonly Step[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, run, value] of steps) {
    try {
      const got = await lastValueFrom(run(ftp));
      if (got !== value) wrong.push(`${name} gave ${String(got)}`);
    } catch (error) {
      // A final reply before the data: an upload may be told to be broken off.
      const early = error instanceof FtpTransferError && /^(STOR|APPE)$/.test(name);
      if (!early) wrong.push(`${name} failed: ${String(error)}`);
    }
  }
  return wrong;
}

/** Says the stray with the reply `lines`; resolves when it is sent. */
type Way = (send: Session['reply'], lines: readonly string[], stray: string) => Promise<void>;

const ways: Readonly<Record<string, Way>> = {
  'behind a reply, in its packet': (send, lines, stray) => send(...lines, stray),
  'a while after a reply': async (send, lines, stray) => {
    await send(...lines);
    await new Promise((passed) => setTimeout(passed, lagMs));
    await send(stray);
  },
};

interface Run {
  readonly wrong: string[];
  /** How many replies the script had. */
  readonly places: number;
}

/** Plays the script; the stray comes with the `place`th reply of the session, from 1: the greeting. */
async function playWith(stray: string, way: Way, place: number): Promise<Run> {
  let replies = 0;
  let sent: Promise<void> = Promise.resolve();
  const greeting = (session: Session): Promise<void> => {
    const send = session.reply.bind(session);
    session.reply = (...lines) => {
      replies += 1;
      if (replies !== place) return send(...lines);
      sent = way(send, lines, stray);
      // The server does not wait for the stray: it goes on with the next command.
      return Promise.resolve();
    };
    return session.reply(unknownServer);
  };
  await using server: ScriptedServer = await scriptedServer({ files, greeting, chunking: 'whole' });
  await using ftp = someClient(server);
  const wrong = await play(ftp, script);
  const places = replies;
  await sent;
  wrong.push(...(await play(ftp, again)));
  if (server.sessions.length !== 1) wrong.push(`${server.sessions.length} sessions`);
  return { wrong, places };
}

/** What was wrong, by place; several sessions at a time. */
async function wrongs(stray: string, way: Way, places: number): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const left = Array.from({ length: places }, (_, at) => at + 1);
  const worker = async (): Promise<void> => {
    for (let place = left.shift(); place !== undefined; place = left.shift()) {
      const { wrong } = await playWith(stray, way, place);
      if (wrong.length > 0) found[`at reply ${place}`] = wrong;
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return found;
}

const strays = ['200 Stray.', '213 99', '226 Stray.', '250 Stray.', '257 "/evil" is stray.', '150 Stray.'];

describe.each(Object.entries(ways))('a stray reply %s', (_name, way) => {
  it.each(strays)('"%s" gives no operation a wrong value', async (stray) => {
    const { places, wrong } = await playWith(stray, way, 0);
    expect(wrong).toEqual([]);
    expect(await wrongs(stray, way, places)).toEqual({});
  });
});
