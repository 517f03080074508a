/** Directories and names, and what is known of files. */
import { stat, symlink, utimes } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FtpUnsupportedError } from '../../../lib/index.js';
import { all, last, outcome } from '../../support/interop/outcome.js';
import type { Enter } from './place.js';

const modified = new Date('2024-02-03T04:05:06Z');

export function describePaths(enter: Enter): void {
  it('goes about directories', async () => {
    await using at = await enter({ 'dir/inner/': '' });
    await last(at.ftp.cwd$('dir/inner'));
    expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/dir/inner`);
    await last(at.ftp.cdup$());
    expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/dir`);
    await last(at.ftp.cwd$('..'));
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
    expect(await outcome(at.ftp.cwd$('missing'))).toBe(550);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('makes, renames and removes', async () => {
    await using at = await enter({ file: 'content' });
    const { madeName, madeAgain } = at.manners;
    expect(await last(at.ftp.mkd$('made'))).toBe(madeName === 'whole' ? `${at.directory}/made` : 'made');
    expect(await outcome(at.ftp.mkd$('made'))).toBe(madeAgain);
    expect((await last(at.ftp.rename$('file', 'made/moved'))).code).toBe(250);
    expect(await at.text('made/moved')).toBe('content');
    expect(await outcome(at.ftp.rename$('missing', 'x'))).toBe(550);
    expect((await last(at.ftp.dele$('made/moved'))).code).toBe(250);
    expect(await outcome(at.ftp.dele$('made/moved'))).toBe(550);
    expect((await last(at.ftp.rmd$('made'))).code).toBe(250);
    expect(await outcome(at.ftp.rmd$('made'))).toBe(550);
  });

  it('knows size and time', async () => {
    await using at = await enter({ ten: '0123456789', 'dir/': '' });
    await utimes(at.local('ten'), modified, modified);
    expect(await all(at.ftp.size$('ten'))).toEqual([10]);
    expect(await all(at.ftp.mdtm$('ten'))).toEqual([modified]);
    expect(await outcome(at.ftp.size$('missing'))).toBe(550);
    expect(await outcome(at.ftp.mdtm$('missing'))).toBe(550);
  });

  it('sets the time, or is refused', async () => {
    await using at = await enter({ ten: '0123456789' });
    const done = await outcome(at.ftp.mfmt$('ten', modified));
    expect(done).toBe(at.manners.setsTime ? 'accepted' : 500);
    expect(await outcome(at.ftp.mfmt$('missing', modified))).toBe(at.manners.setsTime ? 550 : 500);
    if (at.manners.setsTime) expect(await last(at.ftp.mdtm$('ten'))).toEqual(modified);
  });

  it.each<[path: string, found: readonly [kind: string, name: string, size?: number]]>([
    ['ten', ['file', 'ten', 10]],
    ['dir/ten', ['file', 'ten', 2]],
    ['dir/', ['directory', 'dir']],
    ['dir/../ten', ['file', 'ten', 10]],
    ['a dir/a file', ['file', 'a file', 1]],
    ['.hidden', ['file', '.hidden', 6]],
    ['dir/.hidden', ['file', '.hidden', 7]],
    ['dir/[x]*', ['file', '[x]*', 3]],
    ['-a', ['file', '-a', 4]],
    ['.', ['directory', '.']],
    ['..', ['directory', '..']],
    ['/', ['directory', '/']],
  ])('looks up %s', async (path, [kind, name, size]) => {
    await using at = await enter({
      ten: '0123456789',
      'dir/ten': '01',
      'dir/.hidden': 'hidden!',
      'dir/[x]*': 'xyz',
      'a dir/a file': 'x',
      '.hidden': 'hidden',
      '-a': 'four',
    });
    const entries = await all(at.ftp.lookup$(path));
    expect(entries).toEqual([expect.objectContaining(size === undefined ? { kind, name } : { kind, name, size })]);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it.each([
    'none',
    'TEN',
    'dir/none',
    'none/ten',
    'ten/none',
    'te',
    't*',
    'a none',
    '.none',
    'dir/.none',
    '-n',
    'none/',
  ])('looks up %s, which is not there', async (path) => {
    await using at = await enter({ ten: '0123456789', 'dir/x': 'x' });
    expect(await all(at.ftp.lookup$(path))).toEqual([]);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('looks up a symbolic link', async () => {
    await using at = await enter({ ten: '0123456789' });
    await symlink('ten', at.local('link'));
    const [entry] = await all(at.ftp.lookup$('link'));
    expect(entry?.name).toBe('link');
    expect(['file', 'symlink']).toContain(entry?.kind);
  });

  it('keeps a time to the second in names with blanks', async () => {
    await using at = await enter({ 'a  b': 'x', 'a b': 'y' });
    if (!at.manners.setsTime) return;
    await last(at.ftp.mfmt$('a  b', modified));
    expect((await stat(at.local('a  b'))).mtime).toEqual(modified);
    expect((await stat(at.local('a b'))).mtime).not.toEqual(modified);
  });

  it('does not know AVBL', async () => {
    await using at = await enter();
    await expect(all(at.ftp.avbl$())).rejects.toBeInstanceOf(FtpUnsupportedError);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('sets permissions', async () => {
    await using at = await enter({ ten: '0123456789' });
    await last(at.ftp.chmod$('ten', 0o640));
    expect((await stat(at.local('ten'))).mode & 0o777).toBe(0o640);
    await last(at.ftp.chmod$('ten', '600'));
    expect((await stat(at.local('ten'))).mode & 0o777).toBe(0o600);
  });

  it('sets the permissions of the file that it is told', async () => {
    await using at = await enter({ 'a  b': 'x', 'a b': 'y' });
    await last(at.ftp.chmod$('a  b', 0o640));
    expect((await stat(at.local('a  b'))).mode & 0o777).toBe(0o640);
    expect((await stat(at.local('a b'))).mode & 0o777).not.toBe(0o640);
  });
}
