/**
 * Plays random mixes of operations, refusals and cancels: no operation ever gets the value of another, in any window and any order of
 * replies.
 *
 * The server's answers are functions of the commands, with the path in them, so that any mix-up shows.
 */
import * as fc from 'fast-check';
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpOperations } from '../../lib/client/ftp-operations.js';
import { FtpReplyError } from '../../lib/errors.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { clientOf, sessionOf } from '../client/support/open.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

const time = (n: number): Date => new Date(Date.UTC(2024, 0, 1, 0, 0, n));
const stamp = (n: number): string =>
  time(n)
    .toISOString()
    .replaceAll(/[-:TZ]|\.000/g, '');

type Operation = (ftp: FtpOperations, path: string, n: number) => Observable<unknown>;

/** What is asked of file number `n`, and what the answer is. */
const operations: Readonly<Record<string, readonly [Operation, (path: string, n: number) => unknown]>> = {
  SIZE: [(ftp, path) => ftp.size$(path), (_path, n) => n],
  MDTM: [(ftp, path) => ftp.mdtm$(path), (_path, n) => time(n)],
  MLST: [(ftp, path) => ftp.mlst$(path).pipe(map(({ name, size }) => [name, size])), (path, n) => [path, n]],
  MKD: [(ftp, path) => ftp.mkd$(path), (path) => `/made${path}`],
  RMD: [(ftp, path) => ftp.rmd$(path).pipe(map(({ text }) => text)), (path) => `RMD ${path}`],
  DELE: [(ftp, path) => ftp.dele$(path).pipe(map(({ text }) => text)), (path) => `DELE ${path}`],
  MFMT: [(ftp, path, n) => ftp.mfmt$(path, time(n)).pipe(map(({ text }) => text)), (path, n) => `${stamp(n)} ${path}`],
  SITE: [(ftp, path) => ftp.chmod$(path, 0o644).pipe(map(({ text }) => text)), (path) => `CHMOD 644 ${path}`],
  CWD: [(ftp, path) => ftp.cwd$(path).pipe(map(({ text }) => text)), (path) => `CWD ${path}`],
  HELP: [(ftp, path) => ftp.help$(path).pipe(map(({ text }) => text)), (path) => `HELP ${path}`],
  RETR: [
    (ftp, path) =>
      ftp.retr$(path).pipe(
        collectBytes(),
        map((bytes) => Buffer.from(bytes).toString()),
      ),
    (path) => `content of ${path}`,
  ],
};
const verbs = Object.keys(operations);

interface Asked {
  readonly verb: string;
  readonly refused: boolean;
  /** Left when this many others have ended; never where that is undefined. */
  readonly leaveAt: number | undefined;
}

function answer(server: ScriptedServer): void {
  const numberOf = (argument: string): number => Number(/(\d+)$/.exec(argument)?.[1]);
  const good: Readonly<Record<string, (argument: string, n: number) => string>> = {
    SIZE: (_argument, n) => `213 ${n}`,
    MDTM: (_argument, n) => `213 ${stamp(n)}`,
    MLST: (path, n) => `250-Here\r\n type=file;size=${n}; ${path}\r\n250 End`,
    MKD: (path) => `257 "/made${path}" is there`,
    RMD: (path) => `250 RMD ${path}`,
    DELE: (path) => `250 DELE ${path}`,
    MFMT: (argument) => `213 ${argument}`,
    SITE: (argument) => `200 ${argument}`,
    CWD: (path) => `250 CWD ${path}`,
    HELP: (path) => `214 HELP ${path}`,
  };
  for (const [verb, reply] of Object.entries(good)) {
    server.on(verb, (session, argument) =>
      argument.includes('/no')
        ? session.reply(`550 ${verb} ${argument}`)
        : session.reply(reply(argument, numberOf(argument))),
    );
  }
  server.on('RETR', async (session, path) => {
    if (path.startsWith('/no')) return session.reply(`550 RETR ${path}`);
    await session.reply('150 Here it comes.');
    await session.sendData(`content of ${path}`);
    return session.reply('226 Done.');
  });
}

const asked: fc.Arbitrary<Asked> = fc.record({
  verb: fc.constantFrom(...verbs),
  refused: fc.boolean(),
  leaveAt: fc.option(fc.nat({ max: 20 }), { nil: undefined, freq: 4 }),
});

/** Asks for everything in one turn; who leaves does so when enough others have ended. */
async function askAll(ftp: FtpOperations, all: readonly Asked[]): Promise<void> {
  let over = 0;
  const observations: Observation<unknown>[] = [];
  const leave = (): void => {
    for (const [n, { leaveAt }] of all.entries()) if (leaveAt === over) observations[n]?.unsubscribe();
  };
  const pathOf = (n: number): string => `${all[n]?.refused === true ? '/no' : '/f'}${n}`;
  for (const [n, { verb }] of all.entries()) {
    const [run] = operations[verb] ?? [];
    if (run === undefined) throw new Error(`no operation ${verb}`);
    const observation = observe(run(ftp, pathOf(n), n), { name: `${verb} ${n}` });
    observations.push(observation);
    void observation.ended.then(() => {
      over += 1;
      leave();
    });
  }
  leave();
  await Promise.all(observations.map(({ ended }) => ended));
  for (const [n, { verb, refused }] of all.entries()) {
    const observation = observations[n];
    if (observation === undefined || observation.end === 'unsubscribed') continue;
    const path = pathOf(n);
    if (refused) {
      expect(observation.error, `${verb} ${n}`).toBeInstanceOf(FtpReplyError);
      expect((observation.error as FtpReplyError).reply.text).toContain(path);
    } else {
      expect(observation.error, `${verb} ${n}`).toBeUndefined();
      expect(observation.values, `${verb} ${n}`).toEqual([operations[verb]?.[1](path, n)]);
    }
  }
}

/** What reached the server, in the order it was asked for: cancelled transfers may add ABOR, PWD and the like. */
function expectInOrder(server: ScriptedServer): void {
  const numbers = server.commands.flatMap((line) => {
    const [verb = ''] = line.split(' ');
    const number = /\/(?:f|no)(\d+)$/.exec(line)?.[1];
    return number === undefined || !(verb in operations) ? [] : [Number(number)];
  });
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
}

describe.each([
  '220 ProFTPD Server (Debian)',
  '220 Ready (rxftp test server)',
])('a server that greets with %s', (greeting) => {
  it.each(['whole', 'bytes'] as const)('gives each subscriber of a session his own (%s)', async (chunking) => {
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 45 }), async (all) => {
        await using server = await scriptedServer({ greeting, chunking });
        answer(server);
        await using session = await sessionOf(server);
        await askAll(session.ftp, all);
        expectInOrder(server);
        await askAll(session.ftp, [{ verb: 'SIZE', refused: false, leaveAt: undefined }]);
      }),
      { numRuns: chunking === 'whole' ? 60 : 15 },
    );
  });

  it.each([1, 3])('gives each subscriber of a client with %i sessions his own', async (maxSessions) => {
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 45 }), async (all) => {
        await using server = await scriptedServer({ greeting });
        answer(server);
        server.on('PWD', (session) => session.reply('257 "/" is here'));
        await using ftp = clientOf(server, { maxSessions });
        await askAll(ftp, all);
        if (maxSessions === 1) expectInOrder(server);
      }),
      { numRuns: 40 },
    );
  });
});
