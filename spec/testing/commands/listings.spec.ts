import { afterEach, describe, expect, it, vi } from 'vitest';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

afterEach(() => vi.useRealTimers());

const files = {
  '/a b.txt': { bytes: 'hello', modified: new Date('2024-02-03T04:05:06Z'), mode: 0o640 },
  '/dir/x': '',
  '/ü/': { bytes: '', modified: new Date('2023-12-31T23:59:59Z') },
};

describe('a listing', () => {
  it.each([
    [
      'unix',
      'LIST',
      [
        '-rw-r-----   1 ftp      ftp            5 Feb  3 04:05 a b.txt',
        'drwxr-xr-x   1 ftp      ftp         4096 Jan  1 00:00 dir',
        'drwxr-xr-x   1 ftp      ftp         4096 Dec 31 23:59 ü',
      ],
    ],
    ['unix', 'LIST -la dir', ['-rw-r--r--   1 ftp      ftp            0 Jan  1 00:00 x']],
    ['unix', 'LIST /a b.txt', ['-rw-r-----   1 ftp      ftp            5 Feb  3 04:05 a b.txt']],
    [
      'dos',
      'LIST',
      [
        '02-03-24  04:05AM                    5 a b.txt',
        '01-01-24  12:00AM       <DIR>          dir',
        '12-31-23  11:59PM       <DIR>          ü',
      ],
    ],
    [
      'mlsd',
      'MLSD',
      [
        'type=file;size=5;modify=20240203040506;perm=adfrw;unix.mode=0640; a b.txt',
        'type=dir;modify=20240101000000;perm=cdeflmp;unix.mode=0755; dir',
        'type=dir;modify=20231231235959;perm=cdeflmp;unix.mode=0755; ü',
      ],
    ],
    ['mlsd', 'NLST', ['a b.txt', 'dir', 'ü']],
    ['mlsd', 'NLST dir', ['x']],
    ['mlsd', 'LIST ü', []],
    ['mlsd', 'LIST -d', ['drwxr-xr-x   1 ftp      ftp         4096 Jan  1 00:00 .']],
    ['mlsd', 'LIST -d dir/', ['drwxr-xr-x   1 ftp      ftp         4096 Jan  1 00:00 dir/']],
    ['unix', 'LIST -ld /ü', ['drwxr-xr-x   1 ftp      ftp         4096 Dec 31 23:59 /ü']],
    ['unix', 'LIST -a -d /dir/x', ['-rw-r--r--   1 ftp      ftp            0 Jan  1 00:00 /dir/x']],
    ['dos', 'LIST -d dir', ['01-01-24  12:00AM       <DIR>          dir']],
    ['mlsd', 'NLST -d dir', ['dir']],
  ] as const)('of the kind %s answers %s', async (listing, command, rows) => {
    vi.useFakeTimers({ now: new Date('2024-03-01T00:00:00Z'), toFake: ['Date'] });
    await using at = await loggedIn({ files, listing });
    const { bytes, replies } = await at.client.download(command);
    expect(bytes.toString()).toBe(rows.map((row) => `${row}\r\n`).join(''));
    expect(replies).toEqual(['150 Here comes the listing.', '226 Transfer complete.']);
  });

  it('has the year of what is older than half a year, or to come', async () => {
    vi.useFakeTimers({ now: new Date('2025-01-01T00:00:00Z'), toFake: ['Date'] });
    await using at = await loggedIn({
      files: {
        '/old': { bytes: '', modified: new Date('2024-02-03T04:05:06Z') },
        '/new': { bytes: '', modified: new Date('2026-02-03T04:05:06Z') },
      },
    });
    const rows = (await at.client.download('LIST')).bytes.toString().trim().split('\r\n');
    expect(rows.map((row) => row.slice(-16))).toEqual(['Feb  3  2024 old', 'Feb  3  2026 new']);
  });

  it('is given over the control connection by STAT and MLST', async () => {
    await using at = await loggedIn({ files });
    expect((await at.client.send('MLST a b.txt'))?.split('\r\n')).toEqual([
      '250-Listing a b.txt',
      ' type=file;size=5;modify=20240203040506;perm=adfrw;unix.mode=0640; /a b.txt',
      '250 End',
    ]);
    expect(await at.client.send('MLST')).toContain(' /\r\n');
    expect(await at.client.send('STAT dir')).toMatch(/^213-The listing:\r\n -rw-r--r-- .* x\r\n213 End$/);
  });

  it('is refused with the reason', async () => {
    await using at = await loggedIn({ files });
    const lines: Line[] = [
      ['LIST nope', '550 '],
      ['LIST -d nope', '550 '],
      ['NLST nope', '550 '],
      ['MLSD nope', '550 '],
      ['MLSD a b.txt', '501 '],
      ['MLST nope', '550 '],
      ['STAT nope', '550 '],
      ['LIST', '425 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('of many entries comes whole', async () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`/many/file-${index}`, '']));
    await using at = await loggedIn({ files: many });
    const rows = (await at.client.download('MLSD many')).bytes.toString().split('\r\n');
    expect(rows).toHaveLength(5001);
    expect(rows[4999]).toMatch(/ file-4999$/);
  });
});
