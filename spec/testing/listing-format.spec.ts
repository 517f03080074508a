import { describe, expect, it } from 'vitest';
import { dosLine, FACTS, factLine, type Listed, unixLine } from '../../lib/testing/listing-format.js';
import { TestFile } from '../../lib/testing/test-file.js';

const now = new Date('2024-07-01T00:00:00Z');

function listed(time: string, more: { readonly mode?: number; readonly isDirectory?: boolean } = {}): Listed {
  const { mode, isDirectory = false } = more;
  return { name: 'a b', isDirectory, file: TestFile.of('/a b', { bytes: '12', modified: new Date(time), mode }) };
}

const directory: Listed = { name: 'd', isDirectory: true, file: undefined };

describe('an entry', () => {
  it.each<[string, Listed, string]>([
    ['of this half year', listed('2024-06-30T23:59:00Z'), '-rw-r--r--   1 ftp      ftp            2 Jun 30 23:59 a b'],
    ['older', listed('2023-12-31T23:59:00Z'), '-rw-r--r--   1 ftp      ftp            2 Dec 31  2023 a b'],
    ['to come', listed('2024-07-01T00:00:01Z'), '-rw-r--r--   1 ftp      ftp            2 Jul  1  2024 a b'],
    [
      'with a mode',
      listed('2024-06-01T00:00:00Z', { mode: 0o715 }),
      '-rwx--xr-x   1 ftp      ftp            2 Jun  1 00:00 a b',
    ],
    ['a directory', directory, 'drwxr-xr-x   1 ftp      ftp         4096 Jan  1  2024 d'],
  ])('as ls -l shows it: %s', (_what, entry, line) => {
    expect(unixLine(entry, now)).toBe(line);
  });

  it.each<[string, Listed, string]>([
    ['before noon', listed('2024-02-03T00:05:00Z'), '02-03-24  12:05AM                    2 a b'],
    ['after noon', listed('1999-12-31T13:00:00Z'), '12-31-99  01:00PM                    2 a b'],
    ['at noon', listed('2024-02-03T12:00:00Z'), '02-03-24  12:00PM                    2 a b'],
    ['a directory', directory, '01-01-24  12:00AM       <DIR>          d'],
  ])('as dir shows it: %s', (_what, entry, line) => {
    expect(dosLine(entry)).toBe(line);
  });

  it.each<[string, Listed, readonly string[] | undefined, string]>([
    [
      'all',
      listed('2024-02-03T04:05:06Z'),
      undefined,
      'type=file;size=2;modify=20240203040506;perm=adfrw;unix.mode=0644; a b',
    ],
    ['all of a directory', directory, FACTS, 'type=dir;modify=20240101000000;perm=cdeflmp;unix.mode=0755; d'],
    ['chosen ones', listed('2024-02-03T04:05:06Z'), ['size'], 'size=2; a b'],
    ['none', directory, [], ' d'],
  ])('as facts: %s', (_what, entry, chosen, line) => {
    expect(factLine(entry, chosen)).toBe(line);
  });
});
