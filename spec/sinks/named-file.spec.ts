/** The opening of what a user names: it can be left, also where a FIFO has no writer. */
import * as files from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { openNamed } from '../../lib/sinks/named-file.js';
import { becomeFifo, fileWork, openFilesIn } from '../recipes/support/fifo.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';

vi.mock('node:fs', { spy: true });

/** More than Node has threads. */
const MANY = 9;

async function expectNothingLeft({ path }: LocalDirectory): Promise<void> {
  await vi.waitFor(() => expect([fileWork(), openFilesIn(path)]).toEqual([[], []]), { interval: 5 });
}

describe('what a user names', () => {
  it('is opened, if that is not left before', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('it'), 'abc');
    const left = new AbortController();
    const handle = await openNamed(local.at('it'), left.signal);
    left.abort();
    expect((await handle.readFile()).toString()).toBe('abc');
    await handle.close();
    await expect(openNamed(local.at('it'), left.signal)).rejects.toBe(left.signal.reason);
    expect(openFilesIn(local.path)).toEqual([]);
  });

  it.each(['a file', 'a FIFO', 'nothing'])('may be left while it is opened (%s)', async (kind) => {
    await using local = await LocalDirectory.make();
    if (kind === 'a file') await writeFile(local.at('it'), 'abc');
    else if (kind === 'a FIFO') becomeFifo(local.at('it'));
    const left = new AbortController();
    const openings = Array.from({ length: MANY }, () => openNamed(local.at('it'), left.signal));
    const ended = Promise.allSettled(openings);
    left.abort();
    for (const { status, reason } of (await ended) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      if (kind === 'nothing') expect(reason).toMatchObject({ code: 'ENOENT' });
      else expect(reason).toBe(left.signal.reason);
    }
    await expectNothingLeft(local);
  });

  it('waits on where the FIFO may not be written to', async () => {
    await using local = await LocalDirectory.make();
    becomeFifo(local.at('it'));
    const left = new AbortController();
    const opening = openNamed(local.at('it'), left.signal);
    vi.mocked(files.openSync).mockImplementationOnce(() => {
      throw new Error('EACCES: permission denied');
    });
    left.abort();
    await Promise.all([expect(opening).rejects.toBe(left.signal.reason), writeFile(local.at('it'), '')]);
    await expectNothingLeft(local);
  });

  it('may be left when a FIFO has waited for a writer', async () => {
    await using local = await LocalDirectory.make();
    becomeFifo(local.at('it'));
    const left = new AbortController();
    const opening = openNamed(local.at('it'), left.signal);
    const refused = expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    // Node's threads take their work in turn: when the look is done, another thread is in the opening.
    await stat(local.at('it'));
    left.abort();
    await refused;
    await expectNothingLeft(local);
  });
});
