/** Large files: memory stays flat, and the server waits for a client that is slow. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loggedIn } from './support/raw.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('fixtures/large-download.ts', import.meta.url));
const MIB = 1024 ** 2;

describe('a download of 1 GiB from a test server', () => {
  it.each(['made', 'stored'])('takes no memory of its own: a %s file', { timeout: 120_000 }, async (kind) => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', script, kind]);
    const { bytes, grown } = JSON.parse(stdout) as { bytes: number; grown: number };
    expect(bytes).toBe(1024 * MIB);
    expect(grown).toBeLessThan(128 * MIB);
  });
});

describe('a client that does not read', () => {
  it('holds the server', async () => {
    let asked = 0;
    const read = (start: number, end: number): Uint8Array => {
      asked = end;
      return new Uint8Array(end - start);
    };
    await using at = await loggedIn({ files: { '/large': { size: 1024 * MIB, read } } });
    const data = await at.client.passive();
    data.pause();
    expect(await at.client.send('RETR large')).toContain('150 ');
    let before = -1;
    // Until the buffers of the kernel are full.
    for (let same = 0; same < 50; same = asked === before ? same + 1 : 0) {
      before = asked;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(64 * MIB);
    data.destroy();
    expect(await at.client.code()).toBe(426);
  });
});
