/**
 * A client that is left running: 16 sessions, over a network that breaks connections, to a server that is killed and started again.
 * Its transfers are to be resumed. No byte may be wrong, nothing may hang, and nearly all of them must succeed.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastValueFrom, take } from 'rxjs';
import { expect, it } from 'vitest';
import { FtpClient } from '../../lib/client/ftp-client.js';
import { FtpError } from '../../lib/errors.js';
import { FaultyNetwork } from '../support/faulty-network.js';
import { heldMemory } from '../support/held-memory.js';
import { optionsFor } from '../support/interop/interop-server.js';
import { Random } from '../support/random.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';
import { isTrust, summarize, timeLimitMs } from '../support/trust.js';

const SESSIONS = 16;
const FILES = 24;
const MOST_BYTES = 2 * 1024 * 1024;
/** Of one worker. */
const OPERATIONS_BEFORE_RESTART = 20;
/** Each of the workers does as many operations at least; `npm run trust` goes on for a quarter of an hour with each server. */
const OPERATIONS = isTrust ? 500 : 30;
const LEAST_MS = isTrust ? 15 * 60_000 : 0;
const MOST_MS = timeLimitMs(240_000);
const SEED = 20261129;

interface Tally {
  downloads: number;
  uploads: number;
  others: number;
  cancelled: number;
  restarts: number;
  bytes: number;
  readonly failed: string[];
}

/** What the workers share. */
interface Soak {
  readonly server: RealServer;
  readonly ftp: FtpClient;
  readonly random: Random;
  /** The SHA-256 of each file that is there from the start, by its path. */
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly hash: string }>;
  readonly tally: Tally;
  readonly until: number;
}

describeServers(['vsftpd', 'proftpd'], (name) => {
  it(
    'is served without a wrong byte, a hang or a leak',
    async () => {
      const random = new Random(SEED);
      const server = await startServer(name, { logCommands: false });
      await using network = new FaultyNetwork({
        random,
        chance: { control: 0.4, data: 0.3 },
        within: { control: 6000, data: MOST_BYTES },
      });
      const files = await fill(server, random);
      const tally: Tally = { downloads: 0, uploads: 0, others: 0, cancelled: 0, restarts: 0, bytes: 0, failed: [] };
      await using ftp = new FtpClient({
        ...optionsFor({ ...server, name, secure: false }),
        connector: network.connector,
        maxSessions: SESSIONS,
        retry: { attempts: 12, delayMs: 20, maxDelayMs: 1000 },
        connectTimeoutMs: 3000,
        replyTimeoutMs: 3000,
        stallTimeoutMs: 3000,
        abortTimeoutMs: 1000,
      });
      const soak: Soak = { server, ftp, random, files, tally, until: Date.now() + LEAST_MS };
      try {
        await warmUp(soak);
        const before = heldMemory();
        await Promise.all(Array.from({ length: SESSIONS }, (_, worker) => work(soak, worker)));
        await lastValueFrom(ftp.close$());
        const grown = heldMemory() - before;
        const transfers = tally.downloads + tally.uploads;
        const { fin, rst, stall } = network.struck;
        summarize(
          `${name}: ${transfers} transfers, ${tally.failed.length} failed; ${tally.others} other operations, ${tally.cancelled} cancelled; ` +
            `${tally.restarts} restarts; ${fin} FIN, ${rst} RST, ${stall} silences; ${tally.bytes} bytes; ${grown} bytes grown`,
        );
        expect(tally.failed.length / transfers, tally.failed.slice(0, 5).join('\n')).toBeLessThanOrEqual(0.001);
        expect(fin > 0 && rst > 0 && stall > 0).toBe(true);
        expect(grown).toBeLessThan(32 * 1024 * 1024);
      } finally {
        await server.stop();
      }
    },
    MOST_MS,
  );
});

async function fill(server: RealServer, random: Random): Promise<Soak['files']> {
  const files = new Map<string, { bytes: number; hash: string }>();
  await mkdir(join(server.root, 'up'));
  for (let index = 0; index < FILES; index += 1) {
    const content = random.bytes(random.below(MOST_BYTES));
    await writeFile(join(server.root, `f${index}`), content);
    files.set(`${server.home.replace(/\/$/, '')}/f${index}`, { bytes: content.length, hash: sha256(content) });
  }
  await server.adopt();
  return files;
}

/** Code and sessions that are there for good are not taken for a leak. */
async function warmUp(soak: Soak): Promise<void> {
  await Promise.all(Array.from({ length: SESSIONS }, () => download(soak)));
}

async function work(soak: Soak, worker: number): Promise<void> {
  const { random, tally } = soak;
  for (let done = 0; done < OPERATIONS || Date.now() < soak.until; done += 1) {
    const draw = random.below(10);
    if (draw < 5) await download(soak);
    else if (draw < 8) await upload(soak, worker);
    else if (draw < 9) await ask(soak);
    else await leave(soak);
    if (worker !== 0 || done % OPERATIONS_BEFORE_RESTART !== OPERATIONS_BEFORE_RESTART - 1) continue;
    tally.restarts += 1;
    await soak.server.restart();
  }
}

/** A resilient transfer: it may fail by an error of the library's, which is counted. */
async function resilient(soak: Soak, transfer: () => Promise<void>): Promise<void> {
  try {
    await transfer();
  } catch (error) {
    if (!(error instanceof FtpError)) throw error;
    soak.tally.failed.push(error.stack ?? error.message);
  }
}

async function download(soak: Soak): Promise<void> {
  const { ftp, random, files, tally } = soak;
  const [path, { bytes, hash }] = random.pick([...files] as [[string, { bytes: number; hash: string }]]);
  tally.downloads += 1;
  await resilient(soak, async () => {
    const digest = createHash('sha256');
    let received = 0;
    for await (const chunk of ftp.retr$(path, { resume: true })) {
      digest.update(chunk);
      received += chunk.length;
    }
    tally.bytes += received;
    expect({ path, received, hash: digest.digest('hex') }).toEqual({ path, received: bytes, hash });
  });
}

async function upload(soak: Soak, worker: number): Promise<void> {
  const { server, ftp, random, tally } = soak;
  const content = random.bytes(random.below(MOST_BYTES));
  tally.uploads += 1;
  await resilient(soak, async () => {
    const path = `${server.home.replace(/\/$/, '')}/up/w${worker}`;
    await lastValueFrom(ftp.stor$(path, content, { resume: true }));
    tally.bytes += content.length;
    expect(sha256(await readFile(join(server.root, 'up', `w${worker}`)))).toBe(sha256(content));
  });
}

/** Questions are repeated by `retry`; what they bring must be right. */
async function ask(soak: Soak): Promise<void> {
  const { ftp, random, files, tally } = soak;
  const [path, { bytes }] = random.pick([...files] as [[string, { bytes: number; hash: string }]]);
  tally.others += 1;
  await tolerant(async () => expect(await lastValueFrom(ftp.size$(path))).toBe(bytes));
}

/** A download that is left after its first chunk, if one comes. */
async function leave(soak: Soak): Promise<void> {
  const { ftp, random, files, tally } = soak;
  const [path] = random.pick([...files] as [[string, unknown]]);
  tally.cancelled += 1;
  await tolerant(async () => {
    await lastValueFrom(ftp.retr$(path, { resume: true }).pipe(take(1)), { defaultValue: undefined });
  });
}

/** An operation that is no resilient transfer may fail by any error of the library's, never by another. */
async function tolerant(operation: () => Promise<void>): Promise<void> {
  try {
    await operation();
  } catch (error) {
    if (!(error instanceof FtpError)) throw error;
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
