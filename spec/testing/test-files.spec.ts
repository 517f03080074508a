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
    expect([...files.namesIn('/')].map(([name]) => name)).toEqual(['a', 'e']);
    expect(['/', '/a', '/e'].map((path) => files.isEmpty(path))).toEqual([false, false, true]);
  });

  it('are set, listed, moved and taken away without a look at all of them', () => {
    const files = filesOf({ '/a/b/c': '', '/a/d': '', '/e/': '' });
    const scans = [vi.spyOn(files, 'keys'), vi.spyOn(files, 'entries'), vi.spyOn(files, Symbol.iterator)];
    files.set('/a/x/y', '');
    files.change('/a/x', { mode: 0o700 });
    files.delete('/a/x/y');
    files.delete('/a/b/c');
    files.move('/a/d', '/e/f');
    files.move('/e', '/g');
    expect(['/a', '/a/b', '/a/x', '/e', '/a/x/y', '/g/f'].map((path) => files.kind(path))).toEqual([
      ...['directory', 'directory', 'directory', undefined],
      ...[undefined, 'file'],
    ]);
    expect([...files.namesIn('/a')].map(([name]) => name)).toEqual(['x', 'b']);
    for (const scan of scans) expect(scan).not.toHaveBeenCalled();
  });

  it('may change under a listing', () => {
    const files = filesOf({ '/a': '', '/b': '', '/c': '' });
    const seen: string[] = [];
    for (const [name] of files.namesIn('/')) {
      seen.push(name);
      files.delete(`/${name}`);
      files.set(`/${name}`, '');
    }
    expect(seen).toEqual(['a', 'b', 'c']);
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
