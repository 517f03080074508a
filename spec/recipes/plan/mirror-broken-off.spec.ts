/**
 * Mirrors that are broken off at random moments, by unsubscribing, by SIGKILL, or by a connection that is cut: every file under its final
 * name is the old one or the new one, and the next run completes the tree and leaves nothing else.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpClient, isFtpError } from '../../../lib/index.js';
import { mirror$, plan$, remote } from '../../../lib/recipes/index.js';
import { CUT_KINDS, FaultyNetwork } from '../../support/faulty-network.js';
import { observe } from '../../support/observe.js';
import { Random } from '../../support/random.js';
import { runs, summarize, timeLimitMs } from '../../support/trust.js';
import { BundledProgram } from '../support/bundled-program.js';
import { type MirrorStage, mirrorStage, OLD } from './support/mirror-stage.js';

type Way = 'down' | 'up';
type Tree = Readonly<Record<string, string>>;

const RUNS = runs(20);
let program: BundledProgram;

beforeAll(async () => {
  program = await BundledProgram.of(new URL('./support/mirror-program.ts', import.meta.url));
});

afterAll(() => program?.[Symbol.asyncDispose]());

const TEMPORARY = /rxftp-[0-9a-f]{16}\.part(?:\.old)?$/;

/** Files of up to 200 kB, most of them small, with the directories above them. */
function randomTree(random: Random): Record<string, string> {
  const tree: Record<string, string> = {};
  for (let at = 0; at < 10; at += 1) {
    const directory = random.pick(['', 'd/', 'd/e/', 'f/']);
    const size = random.chance(0.3) ? random.below(200_000) : random.below(500);
    tree[`${directory}${random.below(8)}.bin`] = Buffer.from(random.bytes(size)).toString('latin1');
  }
  return tree;
}

async function put(at: MirrorStage, way: Way, source: Tree, target: Tree): Promise<void> {
  const [here, there] = way === 'up' ? [source, target] : [target, source];
  for (const [path, content] of Object.entries(here)) {
    // The target's files are older.
    await at.write(path, Buffer.from(content, 'latin1'), way === 'up' ? OLD : new Date(0));
  }
  for (const [path, content] of Object.entries(there)) {
    at.server.files.set(`/t/${path}`, {
      bytes: Buffer.from(content, 'latin1'),
      modified: way === 'up' ? new Date(0) : OLD,
    });
  }
}

async function targetFiles(at: MirrorStage, way: Way): Promise<Tree> {
  const tree = way === 'up' ? at.remoteTree() : await at.localTree();
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('/')));
}

/** Each breaks a mirror off at a random moment, or comes too late; resolves when nothing of it is under way. */
const BREAKS: Readonly<Record<string, (at: MirrorStage, way: Way, random: Random) => Promise<void>>> = {
  async unsubscribe(at, way, random) {
    const [from, to] = way === 'up' ? [at.here, at.there] : [at.there, at.here];
    const last = random.below(40);
    const observed = observe(mirror$(from, to, { delete: true }), {
      name: 'mirror$',
      next: (_value, { values, unsubscribe }) => {
        if (values.length > last) queueMicrotask(() => unsubscribe.call(observed));
      },
    });
    await observed.ended;
    // The sessions tidy up before they do anything else.
    await at.ftp[Symbol.asyncDispose]();
  },
  async kill(at, way, random) {
    const child = program.start(at.server.url, at.directory.path, way);
    const closed = once(child, 'close');
    const last = random.below(40);
    let lines = 0;
    if (child.stdout !== null) {
      for await (const _line of createInterface(child.stdout)) {
        lines += 1;
        if (lines > last) child.kill('SIGKILL');
      }
    }
    await closed;
  },
  async cut(at, way, random) {
    await using network = new FaultyNetwork();
    await using ftp = new FtpClient({
      ...at.server.options,
      connector: network.connector,
      maxSessions: 2,
      stallTimeoutMs: 300,
      replyTimeoutMs: 600,
      abortTimeoutMs: 300,
    });
    const there = remote(ftp, '/t');
    const [from, to] = way === 'up' ? [at.here, there] : [there, at.here];
    const of = random.chance(0.5) ? 'control' : 'data';
    network.schedule([
      { kind: random.pick([...CUT_KINDS]), of, after: random.below(of === 'control' ? 2000 : 20_000) },
    ]);
    const observed = observe(mirror$(from, to, { delete: true }), { name: 'mirror$' });
    if ((await observed.ended) === 'error') expect(isFtpError(observed.error)).toBe(true);
  },
};

async function tryOnce(seed: number, how: string, way: Way): Promise<boolean> {
  const random = new Random(seed);
  await using at = await mirrorStage({}, { client: { progressIntervalMs: 0 } });
  const [source, old] = [randomTree(random), randomTree(random)];
  await put(at, way, source, old);
  await BREAKS[how]?.(at, way, random);
  const found = await targetFiles(at, way);
  for (const [path, content] of Object.entries(found)) {
    if (TEMPORARY.test(path)) continue;
    expect([source[path], old[path]].includes(content), `${path} of seed ${seed} (${how}, ${way})`).toBe(true);
  }
  await using ftp = new FtpClient({ ...at.server.options, maxSessions: 2 });
  const there = remote(ftp, '/t');
  const [from, to] = way === 'up' ? [at.here, there] : [there, at.here];
  await lastValueFrom(mirror$(from, to, { delete: true }));
  expect(await targetFiles(at, way), `the tree of seed ${seed} (${how}, ${way})`).toEqual(source);
  expect((await lastValueFrom(plan$(from, to, { delete: true }))).steps).toEqual([]);
  return Object.keys(found).some((path) => TEMPORARY.test(path) || found[path] !== source[path]);
}

describe('a mirror that is broken off', () => {
  it(
    `leaves old files or new ones, and the next run completes it (${RUNS} times)`,
    async () => {
      const ways = Object.keys(BREAKS).flatMap((how) => (['down', 'up'] as const).map((way) => ({ how, way })));
      let broken = 0;
      for (let run = 0; run < RUNS; run += 1) {
        const { how, way } = ways[run % ways.length] ?? { how: 'cut', way: 'up' };
        if (await tryOnce(5000 + run, how, way)) broken += 1;
      }
      // Most moments are before the end.
      expect(broken).toBeGreaterThan(RUNS / 4);
      summarize(`mirror$: ${RUNS} runs, ${broken} of them broken off before their end`);
    },
    timeLimitMs(180_000),
  );
});
