/** The opening of files that must be regular ones: at once, whatever stands there by now. */
import { execFileSync } from 'node:child_process';
import { constants, type PathLike } from 'node:fs';
import * as files from 'node:fs/promises';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { openRegular } from '../../lib/sinks/regular-file.js';
import { openFilesIn } from '../recipes/support/fifo.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';

vi.mock('node:fs/promises', { spy: true });
afterEach(() => vi.restoreAllMocks());

/** What may stand in the place of a file. */
const OTHERS: Readonly<Record<string, (path: string) => unknown>> = {
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a directory': (path) => mkdir(path),
  'a device': (path) => symlink('/dev/null', path),
  'a socket': (path) => {
    const server = createServer();
    return new Promise<void>((resolve) => server.listen(path, resolve)).then(() => server.unref());
  },
};

const WAYS = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  append: constants.O_WRONLY | constants.O_APPEND,
} as const;

async function contentOf(path: string, followsLinks: boolean): Promise<string> {
  const { handle, found } = await openRegular(path, { followsLinks });
  try {
    const text = await handle.readFile('latin1');
    expect(found.size).toBe(text.length);
    return text;
  } finally {
    await handle.close();
  }
}

describe('a regular file', () => {
  it('is opened, through a link only by a rule that allows it', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('a'), 'abc');
    await symlink('a', local.at('link'));
    expect(await contentOf(local.at('a'), false)).toBe('abc');
    expect(await contentOf(local.at('link'), true)).toBe('abc');
    const refused = await openRegular(local.at('link'), { followsLinks: false }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FtpUsageError);
    expect(refused).toMatchObject({ message: expect.stringContaining(`${local.at('link')}: it is a link`) });
  });

  it('gets the bytes that are written to it', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('a'), 'abc');
    for (const flags of [WAYS.write, WAYS.append]) {
      const { handle } = await openRegular(local.at('a'), { followsLinks: false, flags });
      await handle.writeFile('x');
      await handle.close();
    }
    expect(await contentOf(local.at('a'), false)).toBe('xbcx');
  });

  it("that is not there, or cannot be opened, is Node's error", async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('a'), 'abc');
    for (const followsLinks of [true, false]) {
      await expect(openRegular(local.at('b'), { followsLinks })).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(openRegular(local.at('a/b'), { followsLinks })).rejects.toMatchObject({ code: 'ENOTDIR' });
      const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
      vi.mocked(files.open).mockRejectedValueOnce(refused);
      await expect(openRegular(local.at('a'), { followsLinks })).rejects.toBe(refused);
    }
  });

  it('under a lease of another program is opened when that gives it back', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('a'), 'abc');
    const leased = Object.assign(new Error('EAGAIN: resource temporarily unavailable'), { code: 'EAGAIN' });
    vi.mocked(files.open).mockClear().mockRejectedValueOnce(leased);
    expect(await contentOf(local.at('a'), false)).toBe('abc');
    const flags = vi.mocked(files.open).mock.calls.map((call) => Number(call[1]) & constants.O_NONBLOCK);
    expect(flags).toEqual([constants.O_NONBLOCK, 0]);
  });

  it.each(Object.keys(OTHERS))('is not %s, which is refused at once', async (kind) => {
    await using local = await LocalDirectory.make();
    await OTHERS[kind]?.(local.at('it'));
    await symlink('it', local.at('link'));
    for (const flags of Object.values(WAYS)) {
      for (const name of ['it', 'link']) {
        const refused = await openRegular(local.at(name), { followsLinks: true, flags }).catch(
          (error: unknown) => error,
        );
        expect(refused).toBeInstanceOf(FtpUsageError);
        expect(refused).toMatchObject({
          message: expect.stringContaining(`${local.at(name)}: it is ${kind}, and must`),
        });
      }
    }
    expect(openFilesIn(local.path)).toEqual([]);
  });
});

describe('on a system that can neither refuse a link nor go on at once', () => {
  it('a look before the opening refuses', async () => {
    vi.resetModules();
    vi.doMock('node:fs', async (original) => {
      const real = await original<typeof import('node:fs')>();
      const { O_NONBLOCK: _wait, O_NOFOLLOW: _link, ...others } = real.constants;
      return { ...real, constants: others };
    });
    const { openRegular: openOnWindows } = await import('../../lib/sinks/regular-file.js');
    await using local = await LocalDirectory.make();
    await writeFile(local.at('a'), 'abc');
    await symlink('a', local.at('link'));
    const opened: [PathLike, unknown][] = [];
    vi.mocked(files.open).mockImplementation(((path: PathLike, flags: number) => {
      opened.push([path, flags]);
      return Promise.resolve({ stat: () => files.stat(path) });
    }) as unknown as typeof files.open);
    await expect(openOnWindows(local.at('link'), { followsLinks: false })).rejects.toThrow('it is a link');
    await openOnWindows(local.at('a'), { followsLinks: false });
    await openOnWindows(local.at('link'), { followsLinks: true });
    expect(opened).toEqual([
      [local.at('a'), constants.O_RDONLY],
      [local.at('link'), constants.O_RDONLY],
    ]);
    vi.doUnmock('node:fs');
  });
});
