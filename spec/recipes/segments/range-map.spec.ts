/** The map of finished ranges: it never claims bytes that are not on the disk, whatever is left of it. */
import { appendFile, open, symlink, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mapPathOf, parseMap, RangeMap, readMap } from '../../../lib/recipes/segments/range-map.js';
import { LocalDirectory } from '../support/local-directory.js';

const SIZE = 1_000_000;

afterEach(() => vi.restoreAllMocks());

describe('the text of a map', () => {
  it.each([
    ['', 0, 0],
    ['0 10\n', 1, 5],
    ['0 10\n20 30\n', 2, 11],
    ['0 10\n20 3', 1, 5],
    ['0 10\n20 30\r\n', 1, 5],
    ['0 10\n-1 30\n0 20\n', 1, 5],
    ['10 10\n', 0, 0],
    ['20 10\n', 0, 0],
    [`0 ${SIZE + 1}\n`, 0, 0],
    ['0 99999999999999999999\n', 0, 0],
    ['\0\0\0\0\n0 10\n', 0, 0],
    ['0 10\n\n0 20\n', 1, 5],
    ['0 1e3\n', 0, 0],
  ])('%j has %i ranges in %i bytes', (text, count, wholeBytes) => {
    const content = parseMap(text, SIZE);
    expect([content.ranges.length, content.wholeBytes, content.bytes]).toEqual([count, wholeBytes, text.length]);
  });

  it('that is cut off anywhere claims nothing more', () => {
    const ranges = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.integer({ min: 1, max: 1000 })), { maxLength: 20 });
    fc.assert(
      fc.property(ranges, fc.nat(400), (all, length) => {
        const lines = all.map(([start, bytes]) => `${start} ${Math.min(SIZE, start + bytes)}\n`);
        const whole = parseMap(lines.join(''), SIZE);
        const cut = parseMap(lines.join('').slice(0, length), SIZE);
        expect(whole.ranges).toHaveLength(all.length);
        expect(whole.ranges.slice(0, cut.ranges.length)).toEqual(cut.ranges);
      }),
    );
  });
});

describe('a map', () => {
  it('gets the ranges when their bytes are on the disk', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    const steps: string[] = [];
    const prototype = Object.getPrototypeOf(data);
    for (const name of ['datasync', 'appendFile'] as const) {
      const { [name]: original } = prototype;
      vi.spyOn(prototype, name).mockImplementation(async function (this: unknown, ...args: unknown[]) {
        await Reflect.apply(original, this, args);
        steps.push(name);
      });
    }
    const map = new RangeMap(local.at('map'));
    await Promise.all([map.save(data, [{ start: 0, end: 10 }]), map.save(data, [{ start: 0, end: 20 }])]);
    await map.save(data, [
      { start: 0, end: 20 },
      { start: 5, end: 5 },
    ]);
    await map.close();
    expect(steps).toEqual(['datasync', 'appendFile', 'datasync', 'appendFile']);
    expect((await local.read('map')).toString()).toBe('0 10\n0 20\n');
  });

  it('does not get them where their bytes cannot be put on the disk', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    vi.spyOn(Object.getPrototypeOf(data), 'datasync').mockRejectedValueOnce(new Error('EIO'));
    const map = new RangeMap(local.at('map'));
    await expect(map.save(data, [{ start: 0, end: 10 }])).rejects.toThrow('EIO');
    await map.save(data, [{ start: 30, end: 40 }]);
    await map.close();
    expect((await local.read('map')).toString()).toBe('30 40\n');
  });

  it('is made only where nothing is, and removed only where it is its own', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    await writeFile(local.at('map'), 'mine');
    const map = new RangeMap(local.at('map'));
    await expect(map.save(data, [{ start: 0, end: 10 }])).rejects.toMatchObject({ code: 'EEXIST' });
    await map.remove();
    expect((await local.read('map')).toString()).toBe('mine');
    const other = new RangeMap(local.at('other'));
    await other.save(data, [{ start: 0, end: 10 }]);
    await other.close();
    await other.remove();
    expect(await local.names()).toEqual(['data', 'map']);
  });

  it('that is kept goes on behind its last whole line', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    await writeFile(local.at('map'), '0 10\n20 ');
    const map = new RangeMap(local.at('map'), await readMap(local.at('map'), SIZE));
    await map.save(data, [{ start: 30, end: 40 }]);
    await map.close();
    expect((await local.read('map')).toString()).toBe('0 10\n30 40\n');
  });

  it('that has changed since it was read is left alone', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    await writeFile(local.at('map'), '0 10\n');
    const map = new RangeMap(local.at('map'), await readMap(local.at('map'), SIZE));
    await appendFile(local.at('map'), '20 30\n');
    await expect(map.save(data, [{ start: 30, end: 40 }])).rejects.toThrow('Another download');
    expect((await local.read('map')).toString()).toBe('0 10\n20 30\n');
  });

  it('is not read through a link, nor where it is too long', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('map'), '0 10\n');
    await symlink('map', local.at('link'));
    expect(await readMap(local.at('link'), SIZE)).toBeUndefined();
    expect(await readMap(local.at('nothing'), SIZE)).toBeUndefined();
    await truncate(local.at('map'), 64 * 1024 * 1024 + 1);
    expect(await readMap(local.at('map'), SIZE)).toBeUndefined();
  });

  it('has a name that is no longer than that of its partial file', () => {
    expect(mapPathOf('/a.part/b.1.part')).toBe('/a.part/b.1.map');
  });
});
