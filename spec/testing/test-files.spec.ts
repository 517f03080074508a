import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import type { TestContent } from '../../lib/testing/index.js';
import { TestFiles } from '../../lib/testing/test-files.js';

function filesOf(content: Readonly<Record<string, TestContent>>): TestFiles {
  const files = new TestFiles();
  for (const [path, each] of Object.entries(content)) files.set(path, each);
  return files;
}

describe('the files of a test server', () => {
  it('are found by any spelling of their path', () => {
    const files = filesOf({ 'a//b/../c.txt': 'x', '/dir/': '' });
    expect([...files.keys()]).toEqual(['/a/c.txt', '/dir/']);
    expect(files.get('a/c.txt')?.text).toBe('x');
    expect(files.has('/a/./c.txt')).toBe(true);
    expect(files.get('/dir')).toBeUndefined();
    expect(files.has('dir/')).toBe(true);
    expect(files.delete('a/c.txt')).toBe(true);
    expect(files.delete('a/c.txt')).toBe(false);
  });

  it('have bytes, a text, a size, a time and a mode', () => {
    const modified = new Date('2020-01-02T03:04:05Z');
    const files = filesOf({ '/a': { bytes: 'ü', modified, mode: 0o600 }, '/b': Uint8Array.of(1, 2) });
    expect(files.get('/a')).toMatchObject({ size: 2, text: 'ü', modified, mode: 0o600 });
    expect(files.get('/b')?.bytes).toEqual(Uint8Array.of(1, 2));
    expect(files.get('/b')).toMatchObject({ modified: new Date('2024-01-01T00:00:00Z'), mode: undefined });
  });

  it('can be made, and are asked for in slices', () => {
    const asked: number[][] = [];
    const read = (start: number, end: number): Uint8Array => {
      asked.push([start, end]);
      return new Uint8Array(end - start).fill(1);
    };
    const files = filesOf({ '/made': { size: 70_000, read } });
    expect(files.get('/made')?.bytes).toEqual(Buffer.alloc(70_000, 1));
    expect(asked).toEqual([
      [0, 65_536],
      [65_536, 70_000],
    ]);
  });

  it.each([
    ['too few', () => new Uint8Array(1), '1 bytes for read(0, 5)'],
    ['nothing', () => undefined as never, 'no Uint8Array for read(0, 5)'],
  ])('refuse a read that gives %s', (_what, read, message) => {
    const file = filesOf({ '/made': { size: 5, read } }).get('/made');
    expect(() => file?.bytes).toThrow(message);
  });

  it('may be set again by a file of theirs', () => {
    const files = filesOf({ '/a': 'x' });
    const file = files.get('/a');
    if (file !== undefined) files.set('/b', file);
    expect(files.get('/b')?.text).toBe('x');
    files.get('/a')?.append(Buffer.from('y'));
    expect([files.get('/a')?.text, files.get('/b')?.text]).toEqual(['xy', 'x']);
  });

  it('know what is a directory, and what is in it', () => {
    const files = filesOf({ '/a/b/c': '', '/a/d': '', '/e/': '' });
    expect(['/', '/a', '/a/b', '/a/b/c', '/e', '/x'].map((path) => files.kind(path))).toEqual([
      'directory',
      'directory',
      'directory',
      'file',
      'directory',
      undefined,
    ]);
    expect([...files.namesIn('/a')]).toEqual([
      ['b', 'directory'],
      ['d', 'file'],
    ]);
    expect([...files.namesIn('/').keys()]).toEqual(['a', 'e']);
  });

  it('are set, changed and taken away without a look at all of them', () => {
    const files = filesOf({ '/a/b/c': '', '/a/d': '', '/e/': '' });
    const scan = vi.spyOn(files, 'keys');
    files.set('/a/x/y', '');
    files.change('/a/x', { mode: 0o700 });
    files.delete('/a/x/y');
    files.delete('/a/b/c');
    expect(['/a', '/a/b', '/a/x', '/e', '/a/x/y'].map((path) => files.kind(path))).toEqual([
      ...['directory', 'directory', 'directory', 'directory'],
      undefined,
    ]);
    expect(scan).not.toHaveBeenCalled();
  });

  it('know the directories after a move', () => {
    const files = filesOf({ '/a/b/c': '', '/e/': '' });
    files.move('/a/b', '/e/f');
    expect(['/a', '/a/b', '/e', '/e/f', '/e/f/c'].map((path) => files.kind(path))).toEqual([
      ...['directory', undefined, 'directory', 'directory'],
      'file',
    ]);
  });

  it('leave a directory when their last one goes', () => {
    const files = filesOf({ '/a/b/c': '' });
    files.delete('/a/b/c');
    expect([...files.keys()]).toEqual(['/a/b/']);
    files.clear();
    expect(files.kind('/a')).toBeUndefined();
    expect(files.kind('/')).toBe('directory');
  });

  it.each<[string, unknown, string]>([
    ['/a', 5, 'The file /a must be a string, a Uint8Array, { bytes } or { size, read }'],
    ['/a', null, 'must be a string'],
    ['/a', {}, 'must be a string'],
    ['/a', { bytes: '', size: 1, read: () => '' }, 'must be a string'],
    ['/a', { size: -1, read: () => '' }, 'must be a string'],
    [
      '/a',
      { bytes: '', mtime: new Date() },
      'The file /a has the unknown key mtime. Its keys are: modified, mode, bytes',
    ],
    ['/a', { bytes: '', size: 0 }, 'has the unknown key size'],
    ['/a', { size: 0, read: () => new Uint8Array(0), date: 1 }, 'Its keys are: modified, mode, size, read'],
    ['/a', { bytes: '', modified: '2020' }, 'The time of the file /a'],
    ['/a', { bytes: '', modified: new Date(Number.NaN) }, 'The time of the file /a'],
    ['/a', { bytes: '', modified: new Date('+010000-01-01') }, 'of the years 1970 to 9999'],
    ['/a', { bytes: '', mode: 0o10000 }, 'The mode of the file /a'],
    ['/a/', 'x', "A directory such as /a/ has the content ''"],
    ['', 'x', 'The path of a file must be a string'],
    ['/a\nb', 'x', 'holds a CR, LF or NUL'],
    ['/dir', 'x', '/dir is a directory'],
    ['/', 'x', "A directory such as / has the content ''"],
    ['/file/x', 'x', '/file is a file, so that /file/x cannot be there'],
    ['/file/', '', '/file is a file'],
  ])('refuse what cannot be one: %j', (path, content, message) => {
    const files = filesOf({ '/dir/x': '', '/file': '' });
    expect(() => files.set(path, content as TestContent)).toThrow(message);
    expect(() => files.set(path, content as TestContent)).toThrow(FtpUsageError);
    expect([...files.keys()]).toEqual(['/dir/x', '/file']);
  });
});
