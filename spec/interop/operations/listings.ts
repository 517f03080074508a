/** LIST, NLST, MLSD, MLST and `entries$`. */
import { utimes } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { collectBytes } from '../../../lib/streams/collect-bytes.js';
import { paced } from '../../../lib/streams/paced.js';
import { all, last, outcome } from '../../support/interop/outcome.js';
import type { Enter } from './place.js';

const files = { ten: '0123456789', 'dir/x': 'x', 'empty/': '' };
const modified = new Date('2024-02-03T04:05:06Z');

export function describeListings(enter: Enter): void {
  it('lists for people', async () => {
    await using at = await enter(files);
    const lines = await all(at.ftp.list$());
    for (const name of ['ten', 'dir', 'empty'])
      expect(lines.filter((line) => line.endsWith(` ${name}`))).toHaveLength(1);
    expect((await all(at.ftp.list$('dir'))).filter((line) => line.endsWith(' x'))).toHaveLength(1);
    expect(await all(at.ftp.list$('empty'))).toEqual([]);
  });

  it('lists what is not there in its own way', async () => {
    await using at = await enter(files);
    const { missingList } = at.manners;
    if (typeof missingList === 'number') expect(await outcome(at.ftp.list$('missing'))).toBe(missingList);
    else expect(await all(at.ftp.list$('missing'))).toHaveLength(missingList === 'nothing' ? 0 : 1);
  });

  it('lists entries whole after facts were chosen for mlsd$, which stay chosen', async () => {
    await using at = await enter(files);
    if ((await outcome(at.ftp.opts$('MLST', 'size;'))) !== 'accepted') return;
    const chosen = async (): Promise<unknown> =>
      (await all(at.ftp.mlsd$('dir', { facts: ['size'] }))).find(({ name }) => name === 'x')?.facts;
    const before = await chosen();
    const entries = await all(at.ftp.entries$());
    expect(entries.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      ['dir', 'directory'],
      ['empty', 'directory'],
      ['ten', 'file'],
    ]);
    expect(await chosen()).toEqual(before);
  });

  it('lists names', async () => {
    await using at = await enter(files);
    expect((await all(at.ftp.nlst$())).filter((name) => !/^\.\.?$/.test(name)).sort()).toEqual(['dir', 'empty', 'ten']);
    expect((await all(at.ftp.nlst$('dir'))).sort()).toEqual(at.manners.nlst);
    const { emptyNlst, missingNlst } = at.manners;
    if (typeof emptyNlst === 'number') expect(await outcome(at.ftp.nlst$('empty'))).toBe(emptyNlst);
    else expect(await all(at.ftp.nlst$('empty'))).toEqual(emptyNlst);
    expect(await outcome(at.ftp.nlst$('missing'))).toBe(missingNlst === 'nothing' ? 'accepted' : missingNlst);
  });

  it('lists facts, or does not know how', async () => {
    await using at = await enter(files);
    await utimes(at.local('ten'), modified, modified);
    if (!at.manners.mlsd) {
      expect([await outcome(at.ftp.mlsd$()), await outcome(at.ftp.mlst$('ten'))]).toEqual([500, 500]);
      return;
    }
    const entries = await all(at.ftp.mlsd$());
    expect(
      entries
        .filter(({ type }) => type !== 'cdir' && type !== 'pdir')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['dir', 'empty', 'ten']);
    expect(entries.find(({ name }) => name === 'ten')).toMatchObject({ type: 'file', size: 10, modified });
    const [entry] = await all(at.ftp.mlst$('ten'));
    expect(entry).toMatchObject({ type: 'file', size: 10, modified });
    expect(entry?.name).toBe(at.manners.mlstName === 'ten' ? 'ten' : `${at.directory}/ten`);
    expect(await outcome(at.ftp.mlst$('missing'))).toBe(550);
    expect(await outcome(at.ftp.mlsd$('missing'))).toBe(at.manners.missingEntries);
  });

  it('gives entries in one shape', async () => {
    await using at = await enter(files);
    await utimes(at.local('ten'), modified, modified);
    const entries = await all(at.ftp.entries$());
    expect(entries.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
      'directory dir',
      'directory empty',
      'file ten',
    ]);
    const ten = entries.find(({ name }) => name === 'ten');
    expect(ten?.size).toBe(10);
    expect(ten?.modified?.toISOString().slice(0, 10)).toBe('2024-02-03');
    expect(await all(at.ftp.entries$('empty'))).toEqual([]);
    expect((await all(at.ftp.entries$('dir'))).map(({ name }) => name)).toEqual(['x']);
    expect(await outcome(at.ftp.entries$('missing'))).toBe(at.manners.missingEntries);
  });

  const ofFiles = ['ten', 'dir/x', 'empty/../ten', 'ten/', 'a dir/a file', 'a dir/a file/', 'a dir/../ten'];

  it.each(ofFiles)('gives no entries of a file, but an error: %s', async (path) => {
    await using at = await enter({ ...files, 'a dir/a file': 'x' });
    expect([501, 550]).toContain(await outcome(at.ftp.entries$(path)));
    await expect(all(at.ftp.entries$(path))).rejects.toThrow(
      /is a file, and not a directory .* Use lookup\$ for one file/,
    );
    expect((await all(at.ftp.entries$('dir'))).map(({ name }) => name)).toEqual(['x']);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it.each(['none', 'none/', 'a none', 'dir/none'])('does not take for a file what is not there: %s', async (path) => {
    await using at = await enter(files);
    await expect(all(at.ftp.entries$(path))).rejects.toThrow(/is it a directory\? Use lookup\$ for one file/);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('gives the entry of a directory that has a file of its own name', async () => {
    await using at = await enter({ 'same/same': 'content' });
    expect((await all(at.ftp.entries$('same'))).map(({ name }) => name)).toEqual(['same']);
  });

  it('gives entries to work that waits for the same session', async () => {
    const contents = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`file-${n}`, `content ${n}`]));
    await using at = await enter(contents);
    const read$ = at.ftp.entries$().pipe(paced(({ name }) => at.ftp.retr$(name).pipe(collectBytes()), 2));
    const found = (await all(read$)).map((bytes) => Buffer.from(bytes).toString());
    expect(found.sort()).toEqual(Object.values(contents).sort());
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('lists a directory of thousands', async () => {
    const names = Array.from({ length: 2500 }, (_, n) => `file-${n}`);
    await using at = await enter(Object.fromEntries(names.map((name) => [name, ''])));
    expect((await all(at.ftp.entries$())).map(({ name }) => name).sort()).toEqual(names.sort());
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });
}
