/** `upload$` of a FIFO that the user names: it is read to its end, and can be left while it waits for a writer. */
import { execFile } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { upload$ } from '../../lib/recipes/index.js';
import { fileSource } from '../../lib/sinks/index.js';
import { observe } from '../support/observe.js';
import { becomeFifo, fileWork, openFilesIn } from './support/fifo.js';
import { RecipeStage } from './support/recipe-stage.js';

const inShell = (line: string): Promise<unknown> => promisify(execFile)('sh', ['-c', line]);
const textOf = ({ server }: RecipeStage, path: string): string =>
  Buffer.from(server.files.get(path)?.bytes ?? []).toString();

async function expectNothingLeft({ local }: RecipeStage): Promise<void> {
  await vi.waitFor(() => expect([fileWork(), openFilesIn(local.path)]).toEqual([[], []]), { interval: 5 });
}

describe('upload$ of a FIFO', () => {
  it('waits for its writer, and sends all', async () => {
    await using at = await RecipeStage.open();
    becomeFifo(at.local.at('it'));
    const upload = observe(upload$(at.ftp, at.local.at('it'), '/it', { atomic: true }));
    await Promise.all([upload.settled, inShell(`(printf abc; sleep 0.1; printf def) > ${at.local.at('it')}`)]);
    expect(textOf(at, '/it')).toBe('abcdef');
    await expectNothingLeft(at);
  });

  it("sends all with exists: 'resume', though each write changes the FIFO's time", async () => {
    await using at = await RecipeStage.open();
    const fifo = at.local.at('it');
    becomeFifo(fifo);
    at.server.on('STOR', () => {
      utimesSync(fifo, 1, 1);
      return undefined;
    });
    const upload = observe(upload$(at.ftp, fifo, '/it', { exists: 'resume' }));
    await Promise.all([upload.settled, inShell(`printf abcdef > ${fifo}`)]);
    expect(textOf(at, '/it')).toBe('abcdef');
    await expectNothingLeft(at);
  });

  it.each([{ resume: true }, { start: 1 }])('is refused before anything is sent, with %j', async (options) => {
    await using at = await RecipeStage.open();
    becomeFifo(at.local.at('it'));
    const error = await observe(upload$(at.ftp, at.local.at('it'), '/it', options)).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ message: expect.stringContaining('it is no regular file') });
    expect(at.server.commands).toEqual([]);
  });

  it.each(['upload$', 'fileSource'])('can be left before that (%s)', async (how) => {
    await using at = await RecipeStage.open();
    becomeFifo(at.local.at('it'));
    const path = at.local.at('it');
    const work$ = how === 'fileSource' ? at.ftp.stor$('/it', fileSource(path)) : upload$(at.ftp, path, '/it');
    const upload = observe(work$);
    await vi.waitFor(() => expect(at.sent('STOR')).toHaveLength(1), { interval: 5 });
    await vi.waitFor(() => expect(fileWork()).toHaveLength(1), { interval: 5 });
    upload.unsubscribe();
    await expectNothingLeft(at);
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
  });
});

describe('upload$ of a file', () => {
  it.each([
    {},
    { atomic: true },
    { resume: true },
  ])('that becomes a FIFO when it is opened is an error (%j)', async (options) => {
    await using at = await RecipeStage.open();
    await writeFile(at.local.at('it'), 'abc');
    const leave = at.server.on('STOR', () => {
      leave();
      becomeFifo(at.local.at('it'));
      return undefined;
    });
    const error = await observe(upload$(at.ftp, at.local.at('it'), '/it', options)).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ message: expect.stringContaining('/it: it is a FIFO') });
    await expectNothingLeft(at);
  });
});
