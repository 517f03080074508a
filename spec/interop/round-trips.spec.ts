/**
 * What saves round trips, against real servers: the sliding window of plain commands, the next port asked for at the end of the data,
 * the login in one write; and the recipes between a server and local files.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  catchError,
  forkJoin,
  from,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  take,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, FtpClient, type FtpOptions, FtpReplyError } from '../../lib/index.js';
import { download$, upload$ } from '../../lib/recipes/index.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';
import { abortStorm } from '../support/abort-storm.js';
import { DelayingProxy } from '../support/delaying-proxy.js';
import { endAfterEach } from '../support/endings.js';
import {
  describeInterop,
  type InteropServer,
  namesFor,
  optionsFor,
  startInterop,
} from '../support/interop/interop-server.js';
import { type Observation, observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { abilities } from '../support/real-servers/installed.js';
import type { ServerOptions } from '../support/real-servers/real-server.js';
import { ClientHost } from '../support/storm/storm-host.js';
import { known, plantStormTree } from '../support/storm/storm-tree.js';

const endLater = endAfterEach();

async function start(name: InteropServer['name'], options: ServerOptions): Promise<InteropServer> {
  const server = await startInterop(name, { logCommands: false, ...options });
  endLater(() => server.stop());
  return server;
}

function clientOf(server: InteropServer, more: Partial<FtpOptions> = {}): FtpClient {
  const ftp = new FtpClient(optionsFor(server, more));
  endLater(() => ftp[Symbol.asyncDispose]());
  return ftp;
}

/** Options that lead to `server` with its control connection made slower, so that replies come after the data. */
async function slowly(server: InteropServer, byteByByte = false): Promise<Partial<FtpOptions>> {
  const proxy = await DelayingProxy.start({ host: server.host, port: server.port, delayMs: 3, byteByByte });
  endLater(() => proxy.close());
  return { port: proxy.port };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const time = (n: number): Date => new Date(Date.UTC(2023, 5, 1, 12, 0, n));
/** A value, or the code of the refusal. */
const told = <T>(source: Observable<T>): Observable<T | number> =>
  source.pipe(
    catchError((error: unknown) => {
      if (error instanceof FtpReplyError) return of(error.reply.code);
      throw error;
    }),
  );

/** Counts the EPSV that were sent while a transfer's final reply was still to come. */
function earlyPorts(ftp: FtpClient, verb = 'RETR'): { count: number } {
  const seen = { count: 0 };
  let transferring = false;
  ftp.reply$.subscribe(({ code }) => {
    if (code === 226) transferring = false;
  });
  ftp.command$.subscribe((line) => {
    if (line.startsWith(`${verb} `)) transferring = true;
    else if (line === 'EPSV' && transferring) seen.count += 1;
  });
  return seen;
}

/** Downloads the known file again and again, three at a time, so that a transfer always waits; each must be the right one. */
function keepQueueFilled(
  host: ClientHost,
  ftp: FtpClient,
  digest: string,
): { stop(): Promise<{ faults: readonly string[]; whole: number }> } {
  const faults: string[] = [];
  let over = false;
  let whole = 0;
  const once = async (): Promise<void> => {
    const lostBefore = host.lost.length;
    try {
      const bytes = await lastValueFrom(ftp.retr$(known.path).pipe(collectBytes()));
      if (sha256(bytes) !== digest) faults.push('a file is not what it was');
      whole += 1;
    } catch (error) {
      // What ran on a session that was given up fails with it.
      if (host.lost.length === lostBefore) faults.push(String(error));
    }
  };
  const again = async (): Promise<void> => {
    while (!over) await once();
  };
  const running = [again(), again(), again()];
  return {
    async stop() {
      over = true;
      await Promise.all(running);
      return { faults, whole };
    },
  };
}

const aborts = 30;
const asksEarly: readonly string[] = ['vsftpd', 'proftpd', 'pure-ftpd'];
const knowsMlst: readonly string[] = ['proftpd', 'pure-ftpd', 'pyftpdlib'];

describe.each([false, 'explicit'] as const)('TLS: %s', (tls) => {
  describeInterop(namesFor({ tls }), (name) => {
    it.each([1, 3])('answers 300 plain commands at once, each with its own (%i sessions)', async (maxSessions) => {
      const server = await start(name, { tls });
      for (let n = 0; n < 60; n += 1) {
        await writeFile(join(server.root, `f${n}`), 'x'.repeat(n + 1));
        await utimes(join(server.root, `f${n}`), time(n), time(n));
        await writeFile(join(server.root, `d${n}`), 'x');
      }
      await server.adopt();
      const ftp = clientOf(server, { maxSessions });
      const asked = Array.from({ length: 60 }, (_, n) => [
        told(ftp.size$(`f${n}`)),
        told(ftp.mdtm$(`f${n}`)),
        told(ftp.size$(`missing-${n}`)),
        told(ftp.dele$(`d${n}`).pipe(map(({ code }) => `deleted ${code}`))),
        told(ftp.dele$(`missing-${n}`).pipe(map(({ code }) => code))),
      ]).flat();
      const answers = await lastValueFrom(forkJoin(asked));
      const expected = Array.from({ length: 60 }, (_, n) => [n + 1, time(n), 550, 'deleted 250', 550]).flat();
      expect(answers).toEqual(expected);
      expect((await readdir(server.root)).filter((entry) => entry.startsWith('d'))).toEqual([]);
    });

    it.each([
      1, 3,
    ])('answers 1,000 plain commands at once, of which some are left, each with its own (%i sessions)', async (maxSessions) => {
      const server = await start(name, { tls });
      for (let n = 0; n < 50; n += 1) await writeFile(join(server.root, `f${n}`), 'x'.repeat(n + 1));
      await server.adopt();
      const ftp = clientOf(server, { maxSessions });
      const hasMlst = knowsMlst.includes(name);
      const random = new Random();
      let over = 0;
      const leaving = new Map<number, Observation<unknown>[]>();
      const all = Array.from({ length: 1_000 }, (_, at) => {
        const n = random.below(50);
        const there = random.chance(0.8);
        const path = `${there ? 'f' : 'none-'}${n}${there ? '' : 'x'.repeat(random.below(200))}`;
        const byMlst = hasMlst && random.chance(0.5);
        const source = byMlst ? ftp.mlst$(path).pipe(map(({ size }) => size)) : ftp.size$(path);
        const observation = observe<unknown>(told(source), { name: `${at}: ${path}` });
        void observation.ended.then(() => {
          over += 1;
          for (const one of leaving.get(over) ?? []) one.unsubscribe();
        });
        if (random.chance(0.1)) {
          const moment = random.below(at + 1);
          leaving.set(moment, [...(leaving.get(moment) ?? []), observation]);
        }
        return { observation, expected: there ? n + 1 : 550 };
      });
      for (const { observation, expected } of all) {
        const end = await observation.ended;
        const what = `${observation.name}, seed ${random.seed}`;
        expect(observation.error, what).toBeUndefined();
        // Who leaves between his value and the completion has had it.
        const values = end === 'unsubscribed' ? observation.values.map(() => expected) : [expected];
        expect(observation.values, what).toEqual(values);
      }
      expect(all.filter(({ observation }) => observation.end === 'unsubscribed').length).toBeGreaterThan(0);
      expect(await lastValueFrom(ftp.size$('f7'))).toBe(8);
    });

    // ftp-srv takes a tenth of a second for each.
    const count = name === 'ftp-srv' ? 50 : 200;
    it.each([1, 4])(`moves ${count} small files to the local disk (%i sessions)`, async (maxSessions) => {
      const server = await start(name, { tls });
      await using local = await LocalDirectory.make();
      const contents = new Map(Array.from({ length: count }, (_, n) => [`s${n}`, randomBytes(1 + ((n * 37) % 4096))]));
      for (const [file, content] of contents) await writeFile(join(server.root, file), content);
      await server.adopt();
      const ftp = clientOf(server, { maxSessions, ...(asksEarly.includes(name) ? await slowly(server) : {}) });
      const early = earlyPorts(ftp);
      const done = await lastValueFrom(
        from(contents.keys()).pipe(
          mergeMap((file) => download$(ftp, file, local.at(file)), 20),
          toArray(),
        ),
      );
      expect(done.filter((progress) => progress.done)).toHaveLength(count);
      expect((await local.names()).length).toBe(count);
      for (const [file, content] of contents) expect(sha256(await local.read(file))).toBe(sha256(content));
      if (maxSessions === 1) {
        // How often depends on which of the two connections is read first.
        if (asksEarly.includes(name)) expect(early.count).toBeGreaterThan(0);
        else expect(early.count).toBe(0);
      }
    });

    it.each([
      1, 4,
    ])('moves 50 small files to the server, each renamed when it is whole (%i sessions)', async (maxSessions) => {
      const server = await start(name, { tls });
      await using local = await LocalDirectory.make();
      const contents = new Map(Array.from({ length: 50 }, (_, n) => [`s${n}`, randomBytes((n * 97) % 4096)]));
      for (const [file, content] of contents) await writeFile(local.at(file), content);
      const ftp = clientOf(server, { maxSessions, ...(name === 'vsftpd' ? await slowly(server) : {}) });
      const early = earlyPorts(ftp, 'STOR');
      await lastValueFrom(
        from(contents.keys()).pipe(mergeMap((file) => upload$(ftp, local.at(file), file, { atomic: true }), 20)),
      );
      expect((await readdir(server.root)).toSorted()).toEqual([...contents.keys()].toSorted());
      for (const [file, content] of contents) {
        expect(sha256(await readFile(join(server.root, file)))).toBe(sha256(content));
      }
      if (maxSessions > 1) return;
      if (name === 'vsftpd') expect(early.count).toBeGreaterThan(0);
      else expect(early.count).toBe(0);
    });

    it('moves large files between the local disk and back', async () => {
      const server = await start(name, { tls });
      await using local = await LocalDirectory.make();
      const content = randomBytes(9 * 1024 * 1024 + 17);
      await writeFile(local.at('up'), content);
      const ftp = clientOf(server);
      const up = await lastValueFrom(upload$(ftp, local.at('up'), 'moved', { verify: 'size' }));
      expect(up).toMatchObject({ bytes: content.length, total: content.length, done: true, verified: true });
      expect(sha256(await readFile(join(server.root, 'moved')))).toBe(sha256(content));
      const down = await lastValueFrom(download$(ftp, 'moved', local.at('down'), { verify: 'size' }));
      expect(down).toMatchObject({ bytes: content.length, done: true, verified: true });
      expect(sha256(await local.read('down'))).toBe(sha256(content));
      expect(await local.names()).toEqual(['down', 'up']);
    });

    it('takes the login in one write', async () => {
      const server = await start(name, { tls });
      await mkdir(join(server.root, 'here'));
      await writeFile(join(server.root, 'here', 'a'), 'hello');
      await server.adopt();
      for (let round = 0; round < 3; round += 1) {
        await using ftp = new FtpClient(optionsFor(server, { pipelineLogin: true, directory: 'here' }));
        expect(await lastValueFrom(ftp.size$('a'))).toBe(5);
        expect(Buffer.concat(await lastValueFrom(ftp.retr$('a').pipe(toArray()))).toString()).toBe('hello');
        expect(
          await lastValueFrom(
            ftp.entries$().pipe(
              map((entry) => entry.name),
              toArray(),
            ),
          ),
        ).toEqual(['a']);
      }
    });

    if (name !== 'ftp-srv' && abilities[name].promptRefusal)
      it('refuses a wrong password in one write by one clear error', async () => {
        const server = await start(name, { tls });
        const ftp = clientOf(server, { pipelineLogin: true, password: 'wrong' });
        const error = await observe(ftp.pwd$()).failed;
        expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'PASS ***', reply: { code: 530 } });
      });
  });

  describeInterop(
    namesFor({ tls }).filter((name) => asksEarly.includes(name)),
    (name) => {
      it.each([
        false,
        true,
      ])('survives a storm while other transfers wait (replies byte by byte: %s)', async (byteByByte) => {
        const server = await start(name, { tls });
        const tree = await plantStormTree(server);
        const host = new ClientHost(optionsFor(server, await slowly(server, byteByByte)));
        endLater(() => host.close());
        const ftp = (await host.operations()) as FtpClient;
        const early = earlyPorts(ftp);
        const background = keepQueueFilled(host, ftp, tree.digest);
        const random = new Random();
        const report = await abortStorm({ server, host, tree, random, aborts });
        const { faults, whole } = await background.stop();
        expect([...report.faults, ...faults], `seed ${random.seed}`).toEqual([]);
        expect(host.lost.length, host.lost.join('\n')).toBeLessThanOrEqual(aborts / 10);
        expect(report.struck).toBeGreaterThan(0);
        expect(whole).toBeGreaterThan(0);
        expect(early.count).toBeGreaterThan(0);
      }, 120_000);

      it.each([
        false,
        true,
      ])('is in step after a first transfer that is left at any moment of the login (pipelineLogin: %s)', async (pipelineLogin) => {
        const server = await start(name, { tls });
        await writeFile(join(server.root, 'left'), 'left');
        await writeFile(join(server.root, 'next'), 'next');
        await server.adopt();
        const slow = await slowly(server);
        for (let moment = 1; moment <= 22; moment += 1) {
          await using ftp = new FtpClient(optionsFor(server, { pipelineLogin, ...slow }));
          const left = observe(ftp.retr$('left'));
          merge(ftp.command$, ftp.reply$)
            .pipe(take(moment))
            .subscribe({ complete: () => left.unsubscribe() });
          const next = observe(ftp.retr$('next'));
          const pwd = observe(ftp.pwd$());
          expect(Buffer.concat(await next.settled).toString()).toBe('next');
          expect(await pwd.settled).toHaveLength(1);
        }
      }, 120_000);
    },
  );
});
