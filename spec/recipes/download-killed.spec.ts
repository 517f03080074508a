/** A process that downloads is killed by SIGKILL: nothing half-written has the final name, and the next run completes the file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '../../lib/testing/index.js';
import { Random } from '../support/random.js';
import { runs, summarize, timeLimitMs } from '../support/trust.js';
import { LocalDirectory } from './support/local-directory.js';

const BYTES = 24 * 1024 * 1024;
const KILLS = runs(10);
const PARTIAL = /^got(\.[0-9a-f]{24}\.part)?$/;
const PARTIAL_OR_MAP = /^got(\.[0-9a-f]{24}\.(part|map))?$/;
const source = fileURLToPath(new URL('./support/resume-program.ts', import.meta.url));

/** Compiled once: a process that is started a hundred times is to start fast. */
let compiled: LocalDirectory;
let program: string;
beforeAll(async () => {
  compiled = await LocalDirectory.make();
  program = compiled.at('resume-program.mjs');
  await build({ entryPoints: [source], outfile: program, bundle: true, format: 'esm', platform: 'node' });
});
afterAll(() => compiled[Symbol.asyncDispose]());

interface Run {
  /** Null where it was killed. */
  readonly code: number | null;
  /** How many bytes of an earlier run it went on with. */
  readonly resumedFrom: number;
}

/** Runs the program; kills it when it tells so many bytes. */
async function download(url: string, local: string, segments: number, killAt = Number.POSITIVE_INFINITY): Promise<Run> {
  const child = spawn(process.execPath, [program, url, '/big', local, String(segments)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let resumedFrom = 0;
  for await (const line of createInterface(child.stdout)) {
    const [bytes = 0, from = 0] = line.split(' ').map(Number);
    resumedFrom = from;
    if (bytes >= killAt) child.kill('SIGKILL');
  }
  const [code] = (await closed) as [number | null];
  return { code, resumedFrom };
}

describe('a download whose process is killed', () => {
  it.each([
    ['as one stream', 1],
    ['in segments', 4],
  ])(
    `leaves a partial file alone, which the next run completes (%s, ${KILLS} times)`,
    async (how, segments) => {
      const random = new Random(1129);
      await using local = await LocalDirectory.make();
      await using server = await testServer();
      let killed = 0;
      let resumed = 0;
      let changed = 0;
      let content = random.bytes(BYTES);
      server.files.set('/big', { bytes: content, modified: new Date(0) });
      while (killed < KILLS) {
        const { code, resumedFrom } = await download(server.url, local.at('got'), segments, random.below(BYTES));
        if (resumedFrom > 0) resumed += 1;
        const names = await local.names();
        // It may be killed when it has just finished.
        const isThere = names.includes('got');
        if (isThere) expect((await local.read('got')).equals(content)).toBe(true);
        for (const name of names) expect(name).toMatch(segments === 1 ? PARTIAL : PARTIAL_OR_MAP);
        if (code === null) killed += 1;
        else expect(names).toEqual(['got']);
        if (isThere) await local.clear();
        else if (!random.chance(0.25)) continue;
        else changed += 1;
        content = random.bytes(BYTES);
        server.files.set('/big', { bytes: content, modified: new Date(1000 * (killed + changed)) });
      }
      expect((await download(server.url, local.at('got'), segments)).code).toBe(0);
      expect((await local.read('got')).equals(content)).toBe(true);
      expect(await local.names()).toEqual(['got']);
      expect(resumed).toBeGreaterThan(0);
      summarize(
        `download$ ${how}: ${killed} times killed, ${resumed} times resumed, ${changed} times with new content`,
      );
    },
    timeLimitMs(300_000),
  );
});
