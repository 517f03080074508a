/** Directories and names, and what is known of files. */
import { stat, utimes } from 'node:fs/promises';
import { expect, it } from 'vitest';
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

  it('sets permissions', async () => {
    await using at = await enter({ ten: '0123456789' });
    await last(at.ftp.chmod$('ten', 0o640));
    expect((await stat(at.local('ten'))).mode & 0o777).toBe(0o640);
    await last(at.ftp.chmod$('ten', '600'));
    expect((await stat(at.local('ten'))).mode & 0o777).toBe(0o600);
  });
}
