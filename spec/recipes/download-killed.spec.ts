/** A process that downloads is killed by SIGKILL: nothing half-written has the final name, and the next run completes the file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testServer } from '../../lib/testing/index.js';
import { Random } from '../support/random.js';
import { runs, summarize, timeLimitMs } from '../support/trust.js';
import { LocalDirectory } from './support/local-directory.js';

const BYTES = 24 * 1024 * 1024;
const KILLS = runs(10);
const program = fileURLToPath(new URL('./support/resume-program.ts', import.meta.url));

/** Runs the program; kills it when it tells so many bytes. Resolves with its exit code, null where it was killed. */
async function download(url: string, local: string, killAt = Number.POSITIVE_INFINITY): Promise<number | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, url, '/big', local], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  for await (const line of createInterface(child.stdout)) if (Number(line) >= killAt) child.kill('SIGKILL');
  const [code] = (await closed) as [number | null];
  return code;
}

describe('a download whose process is killed', () => {
  it(
    `leaves a partial file alone, which the next run completes (${KILLS} times)`,
    async () => {
      const random = new Random(1129);
      await using local = await LocalDirectory.make();
      await using server = await testServer();
      let killed = 0;
      let resumed = 0;
      let content = random.bytes(BYTES);
      server.files.set('/big', { bytes: content, modified: new Date(0) });
      while (killed < KILLS) {
        const rests = server.commands.filter((line) => line.startsWith('REST')).length;
        const code = await download(server.url, local.at('got'), random.below(BYTES));
        resumed += server.commands.filter((line) => line.startsWith('REST')).length - rests;
        if (code === null) {
          killed += 1;
          const names = await local.names();
          expect(names.length).toBeLessThanOrEqual(1);
          for (const name of names) expect(name).toMatch(/^got\.[0-9a-f]{24}\.part$/);
          if (!random.chance(0.25)) continue;
        } else {
          expect((await local.read('got')).equals(content)).toBe(true);
          await local.clear();
        }
        content = random.bytes(BYTES);
        server.files.set('/big', { bytes: content, modified: new Date(1000 * killed) });
      }
      expect(await download(server.url, local.at('got'))).toBe(0);
      expect((await local.read('got')).equals(content)).toBe(true);
      expect(await local.names()).toEqual(['got']);
      expect(resumed).toBeGreaterThan(0);
      summarize(`download$: ${killed} times killed, ${resumed} times resumed`);
    },
    timeLimitMs(120_000),
  );
});
