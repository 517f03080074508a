/** The map of finished ranges: it never claims bytes that are not on the disk, whatever is left of it. */
import { appendFile, open, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mapLine, mapPathOf, parseMap, RangeMap, readMap } from '../../../lib/recipes/segments/range-map.js';
import { becomeFifo } from '../support/fifo.js';
import { LocalDirectory } from '../support/local-directory.js';

const SIZE = 1_000_000;

/** The same text, where each line `start end` has the checksum that it needs in the map at `path`. */
function checked(text: string, path = '/map'): string {
  return text.replace(/^(\d+) (\d+)(?=\n)/gm, (_line, start, end) =>
    mapLine(path, { start: Number(start), end: Number(end) }).trimEnd(),
  );
}

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
    const content = parseMap(checked(text), SIZE, '/map');
    const whole = checked(text.slice(0, wholeBytes)).length;
    expect([content.ranges.length, content.wholeBytes, content.bytes]).toEqual([count, whole, checked(text).length]);
  });

  it('claims nothing by a line in which a character has changed', () => {
    const lines = checked('1234 56789\n');
    const places = fc.nat(lines.length - 1);
    fc.assert(
      fc.property(places, fc.constantFrom(...'0123456789 abcdef\n'), (at, other) => {
        const damaged = `${lines.slice(0, at)}${other}${lines.slice(at + 1)}`;
        const { ranges } = parseMap(damaged, SIZE, '/map');
        expect(ranges).toEqual(damaged === lines ? [{ start: 1234, end: 56_789 }] : []);
      }),
    );
  });

  it('claims nothing of another file', () => {
    const text = checked('0 10\n', '/there/other.map');
    expect(parseMap(text, SIZE, '/there/map').ranges).toEqual([]);
    expect(parseMap(text, SIZE, '/moved/other.map').ranges).toHaveLength(1);
  });

  it('claims nothing without checksums', () => {
    expect(parseMap('0 10\n', SIZE, '/map')).toEqual({ ranges: [], wholeBytes: 0, bytes: 5 });
  });

  it('that is cut off anywhere claims nothing more', () => {
    const ranges = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.integer({ min: 1, max: 1000 })), { maxLength: 20 });
    fc.assert(
      fc.property(ranges, fc.nat(600), (all, length) => {
        const lines = all.map(([start, bytes]) => checked(`${start} ${Math.min(SIZE, start + bytes)}\n`));
        const whole = parseMap(lines.join(''), SIZE, '/map');
        const cut = parseMap(lines.join('').slice(0, length), SIZE, '/map');
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
    expect((await local.read('map')).toString()).toBe(checked('0 10\n0 20\n', 'map'));
  });

  it('does not get them where their bytes cannot be put on the disk', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    vi.spyOn(Object.getPrototypeOf(data), 'datasync').mockRejectedValueOnce(new Error('EIO'));
    const map = new RangeMap(local.at('map'));
    await expect(map.save(data, [{ start: 0, end: 10 }])).rejects.toThrow('EIO');
    await map.save(data, [{ start: 30, end: 40 }]);
    await map.close();
    expect((await local.read('map')).toString()).toBe(checked('30 40\n', 'map'));
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
    await writeFile(local.at('map'), checked('0 10\n20 ', 'map'));
    const map = new RangeMap(local.at('map'), await readMap(local.at('map'), SIZE));
    await map.save(data, [{ start: 30, end: 40 }]);
    await map.close();
    expect((await local.read('map')).toString()).toBe(checked('0 10\n30 40\n', 'map'));
  });

  it('that has changed since it was read is left alone', async () => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    await writeFile(local.at('map'), checked('0 10\n', 'map'));
    const map = new RangeMap(local.at('map'), await readMap(local.at('map'), SIZE));
    await appendFile(local.at('map'), checked('20 30\n', 'map'));
    await expect(map.save(data, [{ start: 30, end: 40 }])).rejects.toThrow('Another download');
    expect((await local.read('map')).toString()).toBe(checked('0 10\n20 30\n', 'map'));
  });

  it.each([
    ['a FIFO', becomeFifo],
    ['a link', (path: string) => rename(path, `${path}2`).then(() => symlink('map2', path))],
  ] as const)('that has become %s since it was read is left alone', async (kind, become) => {
    await using local = await LocalDirectory.make();
    await using data = await open(local.at('data'), 'w');
    await writeFile(local.at('map'), checked('0 10\n', 'map'));
    const map = new RangeMap(local.at('map'), await readMap(local.at('map'), SIZE));
    await become(local.at('map'));
    await expect(map.save(data, [{ start: 30, end: 40 }])).rejects.toThrow(`/map: it is ${kind}`);
    await map.close();
  });

  it('is not read through a link, nor where it is too long', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('map'), checked('0 10\n', 'map'));
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
