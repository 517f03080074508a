/**
 * Transfers with `resume`, from and to a real server, over a way that is cut at random moments: the file is right, or there is an error of
 * this library's. The number of repeated bytes is bounded.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, FtpClient, type FtpEvent, isFtpError } from '../../lib/index.js';
import { endAfterEach } from '../support/endings.js';
import { CUT_KINDS, type Cut, FaultyNetwork } from '../support/faulty-network.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer, ServerName } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';
import { runs, summarize, timeLimitMs } from '../support/trust.js';

const endLater = endAfterEach();
const SIZE = 5 * 1024 * 1024;
const OVERLAP = 4096;
/** How many transfers run at a time: most of their time they wait. */
const LANES = 5;
/** Two sockets' buffers on each side of the relay, as Linux lets them grow, and what waits in the client. */
const IN_SOCKETS = 5 * 1024 * 1024;
const content = new Random(5).bytes(SIZE);

interface Setting {
  readonly server: RealServer;
  readonly ftp: FtpClient;
  readonly network: FaultyNetwork;
}

async function start(name: ServerName, tls: false | 'explicit'): Promise<RealServer> {
  const server = await startServer(name, { tls, logCommands: false });
  endLater(() => server.stop());
  writeFileSync(join(server.root, 'down'), content);
  mkdirSync(join(server.root, 'up'));
  await server.adopt();
  return server;
}

/** A client that has a way to the server of its own. */
function settingOn(server: RealServer): Setting {
  const network = new FaultyNetwork();
  endLater(() => network[Symbol.asyncDispose]());
  const { host, port, ca } = server;
  const ftp = new FtpClient({
    host,
    port,
    user: account.user,
    password: account.password,
    ...(ca === undefined ? {} : { secure: 'explicit', tls: { ca } }),
    connector: network.connector,
    retry: { attempts: 12, delayMs: 5, maxDelayMs: 50 },
    stallTimeoutMs: 500,
    replyTimeoutMs: 3000,
    abortTimeoutMs: 1000,
  });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp, network };
}

function cutsOf(random: Random): Cut[] {
  const count = 1 + random.below(10);
  return Array.from({ length: count }, () => {
    const of = random.chance(0.15) ? 'control' : 'data';
    const after = of === 'control' ? random.below(600) : random.below(SIZE / count);
    return { kind: random.pick([...CUT_KINDS]), of, after };
  });
}

/** How many bytes the transfers of the client have moved. */
function movedBy(ftp: FtpClient): { bytes: number; tries: number } {
  const moved = { bytes: 0, tries: 0 };
  ftp.events$.subscribe((event: FtpEvent) => {
    if (event.type !== 'transfer-ended') return;
    moved.bytes += event.bytes;
    moved.tries += 1;
  });
  return moved;
}

/** One transfer; resolves with the bytes at their destination. */
type Run = (setting: Setting, name: string) => Promise<Uint8Array>;

const down: Run = ({ ftp }) =>
  lastValueFrom(ftp.retr$('down', { resume: { overlapBytes: OVERLAP } }).pipe(collectBytes()));

const up: Run = async ({ ftp, server }, name) => {
  await lastValueFrom(ftp.stor$(`up/${name}`, content, { resume: true }));
  return readFileSync(join(server.root, 'up', name));
};

interface Told {
  cuts: number;
  readonly failures: unknown[];
}

/** Tries these seeds, one after the other. */
async function tryLane(setting: Setting, run: Run, seeds: readonly number[]): Promise<Told> {
  const told: Told = { cuts: 0, failures: [] };
  const moved = movedBy(setting.ftp);
  for (const seed of seeds) {
    setting.network.schedule(cutsOf(new Random(seed)));
    Object.assign(moved, { bytes: 0, tries: 0 });
    try {
      const bytes = await run(setting, String(seed));
      expect(Buffer.compare(bytes, content), `the bytes of seed ${seed}`).toBe(0);
    } catch (error) {
      if (!isFtpError(error)) throw error;
      told.failures.push(error);
    }
    const { made } = setting.network;
    // A loaded machine may break a transfer off by a time limit too.
    const breaks = Math.max(made, moved.tries - 1);
    expect(moved.bytes, `bytes moved by seed ${seed}`).toBeLessThanOrEqual(SIZE + breaks * (OVERLAP + IN_SOCKETS));
    told.cuts += made;
  }
  return told;
}

async function tryMany(server: RealServer, run: Run, firstSeed: number): Promise<string> {
  const count = runs(13);
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  const lanes = Array.from({ length: LANES }, (_, lane) => {
    return tryLane(
      settingOn(server),
      run,
      seeds.filter((seed) => seed % LANES === lane),
    );
  });
  const told = await Promise.all(lanes);
  const failures = told.flatMap((lane) => lane.failures);
  const cuts = told.reduce((sum, lane) => sum + lane.cuts, 0);
  expect(failures.length, String(failures[0])).toBeLessThanOrEqual(count / 20);
  return `${count} transfers, ${cuts} cuts, ${failures.length} ended by an error`;
}

describeServers(['vsftpd', 'proftpd'], (name) => {
  describe.each([
    ['plain', false],
    ['explicit TLS', 'explicit'],
  ] as const)('%s', (link, tls) => {
    it.each([
      ['down', down, 1000],
      ['up', up, 2000],
    ] as const)(
      'gives the right bytes %s',
      async (way, run, seed) => {
        const told = await tryMany(await start(name, tls), run, seed);
        summarize(`${name}, ${link}, ${way}: ${told}`);
      },
      timeLimitMs(300_000),
    );
  });
});
