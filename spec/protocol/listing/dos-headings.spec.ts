import { describe, expect, it } from 'vitest';
import { dosDirectory } from '../../../lib/protocol/listing/dos-headings.js';

describe('dosDirectory', () => {
  it.each([
    [' Directory of C:\\pub', 'C:/pub'],
    ['Directory of C:\\', 'C:/'],
    [' Directory of \\\\host\\share\\pub', '//host/share/pub'],
    [' Verzeichnis von D:\\a b\\c', 'D:/a b/c'],
    [' C:\\pub のディレクトリ', 'C:/pub'],
    [' C:\\pub 的目录', 'C:/pub'],
    [` Directory of C:\\${'x'.repeat(200)}`, `C:/${'x'.repeat(200)}`],
  ])('reads %s', (line, path) => {
    expect(dosDirectory(line)).toBe(path);
  });

  it.each([
    [' Directory of /pub'],
    ['C:\\pub'],
    ['Cannot open C:\\pub'],
    [` Directory of C:\\${'x'.repeat(5000)}`],
    [''],
  ])('reads none in %s', (line) => {
    expect(dosDirectory(line)).toBeUndefined();
  });
});
