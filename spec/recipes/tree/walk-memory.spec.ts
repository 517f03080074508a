/** The memory of a walk does not grow with the tree. */
import { lastValueFrom, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { remote, usage$, walk$ } from '../../../lib/recipes/index.js';
import { heldMemory } from '../../support/held-memory.js';
import { fact, listingStage } from './support/listing-server.js';

const DIRECTORIES = 60;
const FILES = 1000;
const MIB = 1024 * 1024;

async function largeTree(): ReturnType<typeof listingStage> {
  const names = Array.from({ length: DIRECTORIES }, (_, index) => `d${index}`);
  const files = Array.from({ length: FILES }, (_, index) => fact('file', `file-${index}-with-a-name-of-some-length`));
  return listingStage('MLSD', {
    '/': names.map((name) => fact('dir', name)),
    ...Object.fromEntries(names.map((name) => [`/${name}`, files])),
  });
}

describe('a tree of 60 000 files', { timeout: 60_000 }, () => {
  it('is walked in flat memory', async () => {
    await using stage = await largeTree();
    const held: number[] = [];
    let count = 0;
    const measured$ = walk$(remote(stage.ftp, '/')).pipe(
      tap(() => {
        count += 1;
        if (count % 15_000 === 0) held.push(heldMemory());
      }),
    );
    await lastValueFrom(measured$);
    expect(count).toBe(DIRECTORIES * (FILES + 1));
    expect(held).toHaveLength(4);
    expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(3 * MIB);
  });

  it('is added up', async () => {
    await using stage = await largeTree();
    expect(await lastValueFrom(usage$(remote(stage.ftp, '/')))).toEqual({
      bytes: DIRECTORIES * FILES,
      files: DIRECTORIES * FILES,
      directories: DIRECTORIES,
    });
  });
});
