/**
 * One stray reply at each position of a script of thirty commands: what is asked for a value never gets a wrong one.
 *
 * A stray reply that arrives between a command and its answer cannot be told from the answer where it would be a good one;
 * so a command that only says "done" may be told so one reply too early, and the connection is given up right after.
 */
import { firstValueFrom, lastValueFrom, map, type Observable, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpSession } from '../../lib/client/ftp-session.js';
import { isFtpError } from '../../lib/errors.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import type { ScriptedServer, Session } from '../support/scripted-server.js';
import { connected } from './support/connected.js';

const files = { '/a': 'abc', '/dir/b': 'four', '/dir/c': 'fives', '/old': 'x' };
const modified = new Date('2024-02-03T04:05:06.000Z');

interface Step {
  readonly name: string;
  readonly run: (ftp: FtpSession) => Observable<unknown>;
  readonly value: unknown;
}

const step = (name: string, run: Step['run'], value: unknown): Step => ({ name, run, value });
const done = (name: string, run: Step['run']): Step => step(name, (ftp) => run(ftp).pipe(map(() => 'done')), 'done');
const text = (path: string, value: string): Step =>
  step(
    `retr ${path}`,
    (ftp) =>
      ftp.retr$(path).pipe(
        collectBytes(),
        map((bytes) => Buffer.from(bytes).toString()),
      ),
    value,
  );

const script: readonly Step[] = [
  step('pwd', (ftp) => ftp.pwd$(), '/'),
  step('size a', (ftp) => ftp.size$('/a'), 3),
  step('size b', (ftp) => ftp.size$('/dir/b'), 4),
  step('mdtm a', (ftp) => ftp.mdtm$('/a'), modified),
  done('noop', (ftp) => ftp.noop$()),
  text('/a', 'abc'),
  done('cwd', (ftp) => ftp.cwd$('/dir')),
  step('pwd dir', (ftp) => ftp.pwd$(), '/dir'),
  step('nlst', (ftp) => ftp.nlst$().pipe(toArray()), ['b', 'c']),
  step(
    'list',
    (ftp) =>
      ftp.list$().pipe(
        map((line) => line.slice(-1)),
        toArray(),
      ),
    ['b', 'c'],
  ),
  step(
    'mlsd',
    (ftp) =>
      ftp.mlsd$().pipe(
        map(({ name, size }) => `${name} ${size}`),
        toArray(),
      ),
    ['b 4', 'c 5'],
  ),
  step('mlst', (ftp) => ftp.mlst$('c').pipe(map(({ size }) => size)), 5),
  text('b', 'four'),
  text('c', 'fives'),
  done('cdup', (ftp) => ftp.cdup$()),
  step('pwd again', (ftp) => ftp.pwd$(), '/'),
  step('mkd', (ftp) => ftp.mkd$('/new'), '/new'),
  done('stor', (ftp) => ftp.stor$('/new/up', 'upload')),
  step('size up', (ftp) => ftp.size$('/new/up'), 6),
  done('appe', (ftp) => ftp.appe$('/new/up', '!')),
  step('size appended', (ftp) => ftp.size$('/new/up'), 7),
  text('/new/up', 'upload!'),
  done('rename', (ftp) => ftp.rename$('/old', '/older')),
  step('size older', (ftp) => ftp.size$('/older'), 1),
  done('dele', (ftp) => ftp.dele$('/older')),
  step(
    'entries',
    (ftp) =>
      ftp.entries$('/dir').pipe(
        map(({ name }) => name),
        toArray(),
      ),
    ['b', 'c'],
  ),
  done('syst', (ftp) => ftp.syst$()),
  done('stat', (ftp) => ftp.stat$()),
  done('noop', (ftp) => ftp.noop$()),
  step('pwd at last', (ftp) => ftp.pwd$(), '/'),
];

/** Runs the script to its end or its first error; what was wrong is told. */
async function play(ftp: FtpSession): Promise<{ wrong: string[]; error: unknown; steps: number }> {
  const wrong: string[] = [];
  for (const [index, { name, run, value }] of script.entries()) {
    try {
      const got = await lastValueFrom(run(ftp));
      if (JSON.stringify(got) !== JSON.stringify(value)) wrong.push(`${name}: ${JSON.stringify(got)}`);
    } catch (error) {
      return { wrong, error, steps: index };
    }
  }
  return { wrong, error: undefined, steps: script.length };
}

type Insert = (
  session: Session,
  send: (...lines: readonly string[]) => Promise<void>,
  lines: readonly string[],
) => Promise<void>;

const strays = ['200 Stray.', '250 Stray.', '226 Stray.', '150 Stray.', '331 Stray.', '550 Stray.'];
const ways: Readonly<Record<string, (stray: string) => Insert>> = {
  'in the packet of the reply, after it': (stray) => (_session, send, lines) => send(...lines, stray),
  'in the packet of the reply, before it': (stray) => (_session, send, lines) => send(stray, ...lines),
  'in a packet of its own': (stray) => async (_session, send, lines) => {
    await send(...lines);
    await send(stray);
  },
};

/** Lets `insert` send the `position`th reply after the login. */
function insertAt(server: ScriptedServer, position: number, insert: Insert): void {
  const [session] = server.sessions;
  if (session === undefined) throw new Error('nobody is connected');
  const send = session.reply.bind(session);
  let sent = 0;
  session.reply = (...lines) => {
    sent += 1;
    return sent === position ? insert(session, send, lines) : send(...lines);
  };
}

describe('a stray reply', () => {
  it('is not in the script itself', async () => {
    await using at = await connected({ files });
    expect(script).toHaveLength(30);
    expect(await play(at.ftp)).toEqual({ wrong: [], error: undefined, steps: 30 });
  });

  it.each(
    Object.entries(ways).flatMap(([way, insert]) => strays.map((stray) => ({ way, stray, insert: insert(stray) }))),
  )('$stray $way never leads to a wrong value, wherever it comes', async ({ insert }) => {
    let harmless = 0;
    for (let position = 1; position <= 30; position += 1) {
      await using at = await connected({ files, chunking: 'whole' }, { abortTimeoutMs: 500 });
      insertAt(at.server, position, insert);
      const { wrong, error } = await play(at.ftp);
      expect(wrong, `at reply ${position}`).toEqual([]);
      if (error === undefined) harmless += 1;
      else expect(isFtpError(error), `at reply ${position}: ${String(error)}`).toBe(true);
    }
    expect(harmless, 'positions at which the script went on to its end').toBe(0);
  });
});

it('is what the script plays with: a wrong value would be found', async () => {
  await using at = await connected({ files }, {}, (server) => server.answer('SIZE', '213 99'));
  expect((await play(at.ftp)).wrong).toContain('size a: 99');
  await firstValueFrom(at.ftp.noop$());
});
