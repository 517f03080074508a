/** Checks which names a disk takes for one, by the existing names, and else by the system. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldingOf, type NameFolding, nameKey, probeNames } from '../../../lib/recipes/tree/disk-names.js';
import { LocalDirectory } from '../support/local-directory.js';

const NOTHING = { otherCase: undefined, otherForm: undefined };

describe('foldingOf', () => {
  it.each([
    ['darwin', [], { case: true, normalization: true }],
    ['win32', [], { case: true, normalization: false }],
    ['linux', [], { case: false, normalization: false }],
    ['linux', [NOTHING], { case: false, normalization: false }],
    ['darwin', [{ otherCase: false, otherForm: undefined }], { case: false, normalization: true }],
    ['linux', [{ otherCase: true, otherForm: undefined }], { case: true, normalization: true }],
    ['linux', [{ otherCase: true, otherForm: false }], { case: true, normalization: false }],
    ['win32', [{ otherCase: true, otherForm: undefined }], { case: true, normalization: false }],
    ['linux', [NOTHING, { otherCase: false, otherForm: true }], { case: false, normalization: true }],
  ] as const)('on %s, after %j', (platform, seen, folding) => {
    expect(foldingOf(seen, platform)).toEqual(folding);
  });
});

describe('nameKey', () => {
  const exact: NameFolding = { case: false, normalization: false };
  const mac: NameFolding = { case: true, normalization: true };

  it.each([
    ['a', 'A', false, true],
    ['\u00e4', 'a\u0308', false, true],
    ['\u00c4', 'a\u0308', false, true],
    ['\u03c3', '\u03c2', false, true],
    ['stra\u00dfe', 'STRASSE', false, true],
    ['\u1e9e', '\u00df', false, true],
    ['a', 'b', false, false],
  ])('takes %j and %j for one: exact %s, as on macOS %s', (one, other, byExact, byMac) => {
    expect(nameKey(one, exact) === nameKey(other, exact)).toBe(byExact);
    expect(nameKey(one, mac) === nameKey(other, mac)).toBe(byMac);
  });

  it('is the name itself on an exact disk, and stays the same when it is made of itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.boolean(), (name, byCase, normalization) => {
        const folding = { case: byCase, normalization };
        expect(nameKey(name, exact)).toBe(name);
        expect(nameKey(nameKey(name, folding), folding)).toBe(nameKey(name, folding));
      }),
    );
  });
});

describe('probeNames', () => {
  it('writes nothing, and tells what the disk of the spec does', async () => {
    await using directory = await LocalDirectory.make();
    await mkdir(directory.at('tree'));
    await writeFile(directory.at('tree/\u00c4b'), '');
    const found = await probeNames(directory.at('tree'));
    // The disk itself shows it: a second spelling is a second file, or the same.
    await writeFile(directory.at('tree/\u00c4B'), '');
    const afterCase = (await readdir(directory.at('tree'))).length;
    await writeFile(directory.at('tree/A\u0308b'), '');
    const afterForm = (await readdir(directory.at('tree'))).length;
    expect(found).toEqual({ case: afterCase === 1, normalization: afterForm === afterCase });
  });

  it('is told by the directory above, where there is none yet', async () => {
    await using directory = await LocalDirectory.make();
    expect(await probeNames(directory.at('not/yet'))).toEqual(await probeNames(directory.path));
    expect(await directory.names()).toEqual([]);
  });
});
