/** Trees with a file that becomes a FIFO: its step fails at once, nothing waits for a writer, and nothing is left. */
import { rm, symlink } from 'node:fs/promises';
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../../lib/index.js';
import { apply$, type FtpTreeError, mirror$, type Plan, plan$, publish$, remote } from '../../../lib/recipes/index.js';
import { observe } from '../../support/observe.js';
import { becomeFifo, fileWork, openFilesIn } from '../support/fifo.js';
import { type MirrorStage, mirrorStage } from './support/mirror-stage.js';

const LARGE = 'x'.repeat(200_000);
const HOW_LARGE = { small: 'x', large: LARGE } as const;

const sent = ({ server }: MirrorStage, verb: string): string[] =>
  server.commands.filter((line) => line.startsWith(verb));

async function expectNothingLeft({ directory }: MirrorStage): Promise<void> {
  await vi.waitFor(() => expect([fileWork(), openFilesIn(directory.path)]).toEqual([[], []]), { interval: 5 });
}

async function planned(at: MirrorStage, options = {}): Promise<Plan> {
  return lastValueFrom(plan$(at.here, at.there, options));
}

describe.each(['small', 'large'] as const)('a %s file that becomes a FIFO after the plan', (size) => {
  it.each([
    ['by default', {}, {}],
    ['with a rate', {}, { bytesPerSecond: 1e9 }],
    ['with links that are followed', { links: 'follow' }, {}],
    ['in place', {}, { atomic: false }],
  ] as const)('is not uploaded %s, and all else is', async (_how, planning, applying) => {
    await using at = await mirrorStage({ a: 'precious' });
    await at.write('a', HOW_LARGE[size], new Date());
    await at.write('b', 'b');
    const plan = await planned(at, planning);
    becomeFifo(at.directory.at('a'));
    const applied = observe(apply$(plan, at.here, at.there, { onError: 'continue', ...applying }));
    const { errors } = (await applied.failed) as FtpTreeError;
    expect(errors).toMatchObject([
      { path: 'a', message: expect.stringContaining('"a" is a FIFO now, and was a file') },
    ]);
    expect(errors[0]).toBeInstanceOf(FtpUsageError);
    expect(sent(at, 'STOR')).toHaveLength(1);
    expect(at.remoteTree()).toEqual({ a: 'precious', b: 'b' });
    await expectNothingLeft(at);
  });
});

const becomeLink = async (path: string): Promise<void> => {
  await rm(path);
  await symlink('/etc/hostname', path);
};

const BECOMES = { 'a FIFO': becomeFifo, 'a link': becomeLink } as const;

/** Replaces the local file `a` at the first command of that verb. */
function replaceAt(at: MirrorStage, verb: string, become: (path: string) => unknown = becomeFifo): void {
  const leave = at.server.on(verb, async () => {
    leave();
    await become(at.directory.at('a'));
    return undefined;
  });
}

/** The error, when no work on files is left. */
async function failing(at: MirrorStage, work$: Observable<unknown>): Promise<unknown> {
  const error = await observe(work$).failed;
  await expectNothingLeft(at);
  expect(at.remoteTree()).toEqual({ a: 'precious' });
  return error;
}

describe.each(['a FIFO', 'a link'] as const)('a file that becomes %s later', (kind) => {
  const refusal = { message: expect.stringContaining(`/a: it is ${kind}, and must be a regular file`) };

  it('than the last look at it is not uploaded', async () => {
    await using at = await mirrorStage({ a: 'precious' });
    await at.write('a', LARGE, new Date());
    replaceAt(at, 'STOR', BECOMES[kind]);
    const error = await failing(at, mirror$(at.here, at.there));
    expect((error as FtpTreeError).errors).toMatchObject([{ path: 'a', ...refusal }]);
  });

  it.each(['small', 'large'] as const)('than the walk is not published (%s)', async (size) => {
    await using at = await mirrorStage({ a: 'precious' });
    await at.write('a', HOW_LARGE[size]);
    replaceAt(at, 'MKD', BECOMES[kind]);
    const error = await failing(at, publish$(at.here, at.there));
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject(refusal);
    expect([...at.server.files.keys()].filter((path) => path.includes('rxftp'))).toEqual([]);
  });

  it.each(['up', 'down'] as const)('than the listing has no checksum to compare (%s)', async (way) => {
    await using at = await mirrorStage({ a: 'precious' });
    await at.write('a', 'possible');
    replaceAt(at, 'HASH', BECOMES[kind]);
    const [from, to] = way === 'up' ? [at.here, at.there] : [at.there, at.here];
    const error = await failing(at, plan$(from, to, { compare: 'hash' }));
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject(refusal);
  });
});

describe('a FIFO', () => {
  it('in the place of an uploaded file is not in the manifest', async () => {
    await using at = await mirrorStage();
    await at.write('a', 'a');
    replaceAt(at, 'RNTO');
    await lastValueFrom(mirror$(at.here, at.there, { compare: 'manifest' }));
    const { a, ...others } = at.remoteTree();
    expect(a).toBe('a');
    expect(Object.values(others)).toEqual([expect.not.stringContaining('"a"')]);
  });

  it('in the place of the ignoreFile is refused', async () => {
    await using at = await mirrorStage({ a: 'precious' });
    becomeFifo(at.directory.at('a'));
    const error = await failing(at, plan$(at.here, at.there, { ignoreFile: 'a' }));
    expect(error).toMatchObject({ message: expect.stringContaining('/a: it is a FIFO') });
  });

  it('in the place of a file that a download replaces stays', async () => {
    await using at = await mirrorStage({ a: 'precious' });
    await at.write('a', 'old');
    const plan = await lastValueFrom(plan$(at.there, at.here, { compare: 'size' }));
    becomeFifo(at.directory.at('a'));
    const error = await failing(at, apply$(plan, at.there, at.here));
    expect((error as FtpTreeError).errors).toMatchObject([
      { path: 'a', message: expect.stringContaining('Plan anew') },
    ]);
    expect(sent(at, 'RETR')).toEqual([]);
  });
});

describe('a link to a file that becomes a FIFO', () => {
  it('is not published where links are followed', async () => {
    await using outside = await mirrorStage();
    await using at = await mirrorStage({ a: 'precious' });
    await outside.write('it', LARGE);
    await symlink(outside.directory.at('it'), at.directory.at('a'));
    replaceAt(at, 'MKD', () => becomeFifo(outside.directory.at('it')));
    const error = await failing(at, publish$(at.here, remote(at.ftp, '/t'), { links: 'follow' }));
    expect(error).toMatchObject({ message: expect.stringContaining('/a: it is a FIFO') });
  });
});
