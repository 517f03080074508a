/** Names that break careless clients: each is made, found in a listing, asked about by the name found there, and removed. */
import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { all, last, outcome } from '../../support/interop/outcome.js';
import type { Enter } from './place.js';

const names = [
  'with space',
  ' leading',
  'trailing ',
  '  both  ',
  '-dash',
  'quo"te',
  '"quoted"',
  "quo'te",
  'semi;colon',
  'a=b',
  'type=file; x',
  'star*',
  'br[1]',
  'back\\slash',
  '#hash',
  '~tilde',
  '100%25',
  'gr\u00fc\u00dfe \u65e5\u672c',
  ' \u2192 b -> c',
  'a -> b',
];

export function describeNames(enter: Enter): void {
  it.each(names)('keeps %j', async (name) => {
    await using at = await enter({ neighbour: '' });
    if (at.manners.unusableNames.includes(name)) {
      await outcome(at.ftp.stor$(name, 'content'));
      expect((await all(at.ftp.entries$())).map((entry) => entry.name)).not.toContain(name);
      return;
    }
    await last(at.ftp.stor$(name, 'content'));
    expect(await at.text(name)).toBe('content');
    const listed = (await all(at.ftp.entries$())).map((entry) => entry.name).filter((found) => found !== 'neighbour');
    expect(listed).toEqual([name]);
    expect(await last(at.ftp.size$(name))).toBe(7);
    expect(Buffer.concat(await all(at.ftp.retr$(name))).toString()).toBe('content');
    await last(at.ftp.rename$(name, 'plain'));
    await last(at.ftp.rename$('plain', name));
    await last(at.ftp.dele$(name));
    expect(await outcome(at.ftp.size$(name))).toBe(550);
  });

  it.each(['sp dir', '-dir', 'semi;dir', 'st*r', 'br[1]'])('goes into %j, and lists it', async (name) => {
    await using at = await enter({ [`${name}/inside`]: 'x', sp: '', 'dir/x': '', 'star/x': '', 'br1/x': '' });
    await last(at.ftp.cwd$(name));
    expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/${name}`);
    expect((await all(at.ftp.entries$())).map((entry) => entry.name)).toEqual(['inside']);
    await last(at.ftp.cdup$());
    expect((await all(at.ftp.entries$(name))).map((entry) => entry.name)).toEqual(['inside']);
    expect(await last(at.ftp.pwd$())).toBe(at.directory);
  });

  it('keeps a name that is no UTF-8, byte for byte', async () => {
    await using at = await enter();
    const raw = Buffer.concat([Buffer.from(at.local('l')), Buffer.of(0xe9), Buffer.from('.txt')]);
    await writeFile(raw, 'latin1');
    if (!at.manners.rawNames) {
      expect((await all(at.ftp.entries$())).map((entry) => entry.name)).not.toContain('l\udce9.txt');
      return;
    }
    const [entry] = await all(at.ftp.entries$());
    expect(entry).toMatchObject({ name: 'l\udce9.txt', size: 6 });
    const name = entry?.name ?? '';
    expect(await last(at.ftp.size$(name))).toBe(6);
    await last(at.ftp.dele$(name));
    expect(await all(at.ftp.entries$())).toEqual([]);
  });
}
