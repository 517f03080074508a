import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { requireContent, requireSlice } from '../../lib/testing/test-content.js';

const read = (): Uint8Array => new Uint8Array(0);

describe('the content of a file', () => {
  it.each([
    { bytes: '' },
    { bytes: new Uint8Array(1), modified: new Date(0), mode: 0 },
    { size: 0, read },
    { size: 2 ** 40, read, modified: undefined, mode: 0o7777 },
  ])('can be %j', (content) => {
    expect(() => requireContent('/a', content)).not.toThrow();
  });

  it.each<[unknown, string]>([
    [5, 'The file /a must be a string, a Uint8Array, { bytes } or { size, read }'],
    [null, 'must be a string'],
    [{}, 'must be a string'],
    [{ bytes: '', size: 1, read }, 'must be a string'],
    [{ size: -1, read }, 'must be a string'],
    [{ size: 1, read: 'x' }, 'must be a string'],
    [{ bytes: '', mtime: new Date() }, 'The file /a has the unknown key mtime. Its keys are: modified, mode, bytes'],
    [{ bytes: '', size: 0 }, 'has the unknown key size'],
    [{ size: 0, read, date: 1 }, 'Its keys are: modified, mode, size, read'],
    [{ bytes: '', modified: '2020' }, 'The time of the file /a'],
    [{ bytes: '', modified: new Date(Number.NaN) }, 'The time of the file /a'],
    [{ bytes: '', modified: new Date(-1) }, 'The time of the file /a'],
    [{ bytes: '', modified: new Date('+010000-01-01') }, 'of the years 1970 to 9999'],
    [{ bytes: '', mode: 0o10000 }, 'The mode of the file /a'],
  ])('cannot be %j', (content, message) => {
    expect(() => requireContent('/a', content)).toThrow(message);
    expect(() => requireContent('/a', content)).toThrow(FtpUsageError);
  });
});

describe('a slice', () => {
  it('has as many bytes as were asked for', () => {
    expect(() => requireSlice(2, 5, new Uint8Array(3))).not.toThrow();
  });

  it.each<[string, () => unknown, string]>([
    ['too few', () => new Uint8Array(1), '1 bytes for read(0, 5)'],
    ['too many', () => new Uint8Array(6), '6 bytes for read(0, 5)'],
    ['nothing', () => undefined, 'no Uint8Array for read(0, 5)'],
    ['text', () => '12345', 'no Uint8Array for read(0, 5)'],
    [
      'a Promise of another realm',
      () => runInNewContext('Promise.reject(new Error("of the read"))'),
      'a Promise, and not the bytes themselves, for read(0, 5)',
    ],
    [
      'a Promise',
      () => Promise.reject(new Error('of the read')),
      'a Promise, and not the bytes themselves, for read(0, 5)',
    ],
  ])('is refused: %s', (_what, sliceOf, message) => {
    expect(() => requireSlice(0, 5, sliceOf())).toThrow(message);
    expect(() => requireSlice(0, 5, sliceOf())).toThrow(FtpUsageError);
  });
});
