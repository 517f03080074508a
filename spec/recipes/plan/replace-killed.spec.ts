/**
 * A mirror that is killed while it replaces a file of a server that does not rename over one: the old file goes aside, the new one takes
 * its name, and the old one is removed. At each of these commands the next run completes the tree, and leaves no temporary file.
 */
import { once } from 'node:events';
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpTreeError, type MirrorOptions, mirror$, plan$ } from '../../../lib/recipes/index.js';
import { BundledProgram } from '../support/bundled-program.js';
import { type MirrorStage, mirrorStage, OLD } from './support/mirror-stage.js';
import { shown } from './support/trees.js';

let program: BundledProgram;

beforeAll(async () => {
  program = await BundledProgram.of(new URL('./support/mirror-program.ts', import.meta.url));
});

afterAll(() => program?.[Symbol.asyncDispose]());

const all = <T>(events$: Observable<T>): Promise<T[]> => lastValueFrom(events$.pipe(toArray()));

const mirrored = (at: MirrorStage, options: MirrorOptions = {}): Promise<unknown> =>
  all(mirror$(at.here, at.there, options));

/** The commands that replace a file, in order: each verb with its number. */
const MOMENTS = [
  ['STOR', 1, 'old'],
  // Of the temporary file to the final name, which is refused.
  ['RNFR', 1, 'old'],
  ['RNTO', 1, 'old'],
  // Of the old file to the name aside.
  ['RNFR', 2, 'old'],
  ['RNTO', 2, 'old'],
  // Of the temporary file to the final name.
  ['RNFR', 3, undefined],
  ['RNTO', 3, undefined],
  ['DELE', 1, 'newer'],
] as const;

const PUT_ASIDE = /^d\/rxftp-[0-9a-f]{16}\.part\.old$/;

/** A server on POSIX renames over a file; this one does not. */
function refuseToReplace(at: MirrorStage): void {
  at.server.on('RNTO', ({ argument }) => (at.server.files.has(argument) ? '553 It is there.' : undefined));
}

/** The file `d/a` is old at the target, and newer here. */
async function replacing(): Promise<MirrorStage> {
  const at = await mirrorStage({ 'd/a': 'old', 'd/b': 'b' });
  await at.write('d/a', 'newer', new Date(OLD.getTime() + 60_000));
  await at.write('d/b', 'b');
  return at;
}

/** Kills the program at the `nth` command of the verb, which the server does, or does not do. */
async function killedAt(at: MirrorStage, verb: string, nth: number, isDone: boolean): Promise<void> {
  const child = program.start(at.server.url, at.directory.path, 'up');
  const closed = once(child, 'close');
  let count = 0;
  const remove = at.server.on(verb, async ({ argument }) => {
    count += 1;
    if (count === nth) {
      child.kill('SIGKILL');
      await closed;
      if (!isDone) return '451 The client is gone.';
    }
    return verb === 'RNTO' && at.server.files.has(argument) ? '553 It is there.' : undefined;
  });
  if (verb !== 'RNTO') refuseToReplace(at);
  child.stdout?.resume();
  const [code] = (await closed) as [number | null];
  expect(code).toBe(null);
  expect(count).toBe(nth);
  remove();
  refuseToReplace(at);
}

const WHOLE = { 'd/': '', 'd/a': 'newer', 'd/b': 'b' };

describe.each([true, false])('a mirror whose process is killed at a command that is done: %j,', (isDone) => {
  it.each(MOMENTS)(
    'at %s number %d, is completed by the next run',
    async (verb, nth, before) => {
      await using at = await replacing();
      await killedAt(at, verb, nth, isDone);
      const found = at.remoteTree();
      if (!isDone) expect(found['d/a']).toBe(before);
      expect(['old', 'newer']).toContain(found['d/a'] ?? aside(found));
      await mirrored(at);
      expect(at.remoteTree()).toEqual(WHOLE);
      expect((await lastValueFrom(plan$(at.here, at.there))).steps).toEqual([]);
    },
    30_000,
  );
});

/** What the old file has that was put aside. */
function aside(tree: Readonly<Record<string, string>>): string | undefined {
  return tree[Object.keys(tree).find((path) => PUT_ASIDE.test(path)) ?? ''];
}

describe('an old file that was put aside', () => {
  /** There is no file under the final name. */
  async function interrupted(): Promise<MirrorStage> {
    const at = await replacing();
    await killedAt(at, 'RNTO', 3, false);
    expect(aside(at.remoteTree())).toBe('old');
    return at;
  }

  it('stays while the new one cannot be stored', { timeout: 30_000 }, async () => {
    await using at = await interrupted();
    at.server.fail('STOR', { refuse: 553 });
    await expect(mirrored(at, { onError: 'continue', delete: true })).rejects.toBeInstanceOf(FtpTreeError);
    expect(aside(at.remoteTree())).toBe('old');
    await mirrored(at);
    expect(at.remoteTree()).toEqual(WHOLE);
  });

  it('stays while the one under the final name is half written', { timeout: 30_000 }, async () => {
    await using at = await interrupted();
    at.server.files.set('/t/d/a', 'ne');
    at.server.fail('STOR', { refuse: 553 });
    await expect(mirrored(at, { onError: 'continue' })).rejects.toBeInstanceOf(FtpTreeError);
    expect(aside(at.remoteTree())).toBe('old');
    await mirrored(at);
    expect(at.remoteTree()).toEqual(WHOLE);
  });

  it('stays where the source does not have the file, or it takes no part', { timeout: 30_000 }, async () => {
    await using at = await interrupted();
    await mirrored(at, { exclude: ['a'], delete: true });
    expect(aside(at.remoteTree())).toBe('old');
    await at.write('x');
    const { rm } = await import('node:fs/promises');
    await rm(at.directory.at('d/a'));
    await mirrored(at);
    expect(aside(at.remoteTree())).toBe('old');
    expect(shown(await lastValueFrom(plan$(at.here, at.there, { delete: true })))).toEqual(
      Object.keys(at.remoteTree())
        .filter((path) => path.includes('.part'))
        .toReversed()
        .map((path) => `remove ${path}`),
    );
  });
});
