/** `usage$`: a tree added up. */
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { FtpTreeError, local, remote, usage$ } from '../../../lib/recipes/index.js';
import { testServer } from '../../../lib/testing/index.js';
import { observe } from '../../support/observe.js';
import { LocalDirectory } from '../support/local-directory.js';
import { fact, listingStage } from './support/listing-server.js';

describe('usage$', () => {
  it('adds up sizes, files and directories', async () => {
    await using server = await testServer({ files: { '/a': '123', '/d/b': '4567', '/d/e/': '', '/d/.c': '' } });
    await using ftp = new FtpClient({ ...server.options, maxSessions: 2 });
    expect(await observe(usage$(remote(ftp, '/'))).settled).toEqual([{ bytes: 7, files: 3, directories: 2 }]);
    const filter = ({ name }: { name: string }): boolean => name !== 'd';
    expect(await observe(usage$(remote(ftp, '/'), { filter })).settled).toEqual([
      { bytes: 3, files: 1, directories: 0 },
    ]);
  });

  it('is zero for an empty directory, on either side', async () => {
    await using directory = await LocalDirectory.make();
    expect(await observe(usage$(local(directory.path))).settled).toEqual([{ bytes: 0, files: 0, directories: 0 }]);
  });

  it('is that of the disk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5000), { maxLength: 40 }), async (sizes) => {
        await using directory = await LocalDirectory.make();
        for (const [index, size] of sizes.entries()) await writeFile(directory.at(`f${index}`), Buffer.alloc(size));
        const bytes = sizes.reduce((sum, size) => sum + size, 0);
        expect(await observe(usage$(local(directory.path))).settled).toEqual([
          { bytes, files: sizes.length, directories: 0 },
        ]);
      }),
      { numRuns: 10 },
    );
  });

  it('emits what was seen before it errors with what was not', async () => {
    await using stage = await listingStage('MLSD', { '/': [fact('dir', 'bad'), fact('file', 'x')] });
    stage.server.tree.makeDirectory('/bad');
    const usage = observe(usage$(remote(stage.ftp, '/')));
    expect(await usage.failed).toBeInstanceOf(FtpTreeError);
    expect(usage.values).toEqual([{ bytes: 1, files: 1, directories: 1 }]);
  });

  it('errors without a value where nothing was seen', async () => {
    await using stage = await listingStage('MLSD', {});
    const usage = observe(usage$(remote(stage.ftp, '/none')));
    expect(await usage.failed).toBeInstanceOf(FtpReplyError);
    expect(usage.values).toEqual([]);
    expect(await observe(usage$(local('.'), { deep: 1 } as object)).failed).toBeInstanceOf(FtpUsageError);
  });
});
