/** The manifest of a target, read from what anybody may have written there. */
import { describe, expect, it } from 'vitest';
import { formatManifest, isAsRecorded, parseManifest, recordOf } from '../../../lib/recipes/plan/manifest.js';
import { entry, SOME_TIME } from './support/trees.js';

const record = recordOf('ab', entry('a', { size: 3 }));

describe('a manifest', () => {
  it('is read as it was written, whatever the names', () => {
    const manifest = new Map([...['b', '__proto__', 'constructor', 'ü/"'].map((name) => [name, record] as const)]);
    expect(parseManifest(formatManifest(manifest))).toEqual(manifest);
  });

  it.each([
    'nothing',
    '',
    '[]',
    'null',
    '{"version":2,"files":{}}',
    '{"version":1,"files":[1]}',
    '{"version":1,"files":{"a":null,"b":1,"c":{},"d":{"sha256":1}}}',
    '{"version":1,"files":{"a":{"sha256":"x","precision":"second","modified":"no"}}}',
  ])('that is %s knows no file', (text) => {
    expect(parseManifest(Buffer.from(text)).size).toBe(0);
  });

  it('knows no file where there is none', () => {
    expect(parseManifest(undefined).size).toBe(0);
  });

  it.each([
    ['as it was', {}, true],
    ['of another size', { size: 4 }, false],
    ['of another time', { modified: SOME_TIME + 1000 }, false],
    ['told to the day', { precision: 'day', modified: Date.UTC(2024, 4, 6) }, true],
    ['without a time', { precision: 'none', modified: undefined }, false],
  ] as const)('tells a file %s', (_what, more, is) => {
    expect(isAsRecorded(record, entry('a', { size: 3, ...more }))).toBe(is);
  });
});
