import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/errors.js';
import { parseFacts } from '../../../lib/protocol/facts.js';
import { DETECTED, ONLY_NAMED } from '../../../lib/protocol/listing/dialects.js';
import { fileEntryFromFacts } from '../../../lib/protocol/listing/file-entry.js';
import { ListingParser } from '../../../lib/protocol/listing/index.js';
import { readListing } from './support/read-listing.js';

const NOW = new Date('2024-11-20T12:00:00Z');
const UNIX = '-rw-r--r-- 1 joe users 1 Nov 20 11:05';
/** Its date can be read in one order only, so it waits for no other row. */
const DOS = '04-18-14  02:09PM 1';

describe('ListingParser', () => {
  it('finds the dialect by itself, and follows when it changes', () => {
    const parser = new ListingParser({ now: NOW });
    expect(parser.dialect).toBeUndefined();
    expect(parser.parse(`${DOS} a`)).toMatchObject([{ name: 'a' }]);
    expect(parser.dialect).toBe('dos');
    expect(parser.parse(`${DOS} b`)).toMatchObject([{ name: 'b' }]);
    expect(parser.parse(`${UNIX} c`)).toMatchObject([{ name: 'c' }]);
    expect(parser.dialect).toBe('unix');
  });

  it('reads one dialect only when told so', () => {
    const parser = new ListingParser({ now: NOW, dialect: 'dos' });
    expect(parser.parse(`${UNIX} a`)).toEqual([`${UNIX} a`]);
    expect(parser.parse(`${DOS} a`)).toMatchObject([{ name: 'a' }]);
    expect(parser.dialect).toBe('dos');
  });

  it('refuses a dialect that does not exist', () => {
    expect(() => new ListingParser({ now: NOW, dialect: 'windows' as 'dos' })).toThrow(FtpUsageError);
  });

  it('holds lines that it does not understand back while they may be names, 64 of them at most', () => {
    const parser = new ListingParser({ now: NOW });
    const counts = Array.from({ length: 66 }, () => parser.parse('No such thing').length);
    expect(counts).toEqual([...new Array(63).fill(0), 64, 1, 1]);
  });

  it.each([
    'dos',
    'unix',
    'mlsx',
    'eplf',
    'names',
    'netware',
  ] as const)('takes no name with a NUL from %s', (dialect) => {
    const head = {
      dos: DOS,
      unix: UNIX,
      mlsx: 'type=file;size=1;',
      eplf: '+r,s1,\t',
      names: '',
      netware: '- [R----F--] ann 7 Oct 20 15:27',
    }[dialect];
    const rows = [`${head} a\0b`.trimStart(), `${head} c`.trimStart()];
    expect(readListing(rows, { dialect })).toMatchObject([rows[0], { dialect }]);
  });

  it('gives the lines before the first row that it understands as not understood', () => {
    expect(readListing(['a.txt', `${UNIX} b`])).toMatchObject(['a.txt', { name: 'b' }]);
  });

  it('holds a link of MLSD that has no target back for 64 rows at most', () => {
    const parser = new ListingParser({ now: NOW, dialect: 'mlsx' });
    const rows = [
      'type=OS.unix=symlink;unique=1; l',
      ...Array.from({ length: 65 }, (_, index) => `type=file; ${index}`),
    ];
    expect(rows.map((row) => parser.parse(row).length)).toEqual([...new Array(63).fill(0), 64, 1, 1]);
  });

  it('ends twice without giving a row twice', () => {
    const parser = new ListingParser({ now: NOW });
    parser.parse('a.txt');
    expect([parser.end().length, parser.end().length]).toEqual([1, 0]);
  });

  it.each([
    '',
    '   ',
    'total 0',
    'total 1234',
    'Total 8',
    'total 1.2M',
    'insgesamt 8',
    'total: 8',
    `${UNIX} .`,
    `${UNIX} ..`,
    `${DOS} .`,
    `${DOS} ..`,
  ])('ignores %j, which stands for no file', (line) => {
    expect(readListing([line])).toEqual([]);
  });

  it.each([
    'total',
    'total x',
    'total 8 x',
    'file 8',
    'ls: x: No such file or directory',
    '-rw-r--r-- 1 joe us',
    '/bin/ls: invalid option',
    'README',
  ])('does not understand %j', (line) => {
    expect(readListing([line])).toEqual([line]);
  });

  it('takes any text without failing', () => {
    const part = fc.constantFrom(
      '-rw-r--r--',
      'd',
      ' ',
      '1',
      'joe',
      'Nov',
      '20',
      '11:05',
      '2024-11-20',
      '04-08-14',
      '02:09PM',
      '<DIR>',
      ' -> ',
      'x',
      '\0',
      '\ud800',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (line) => {
        for (const row of readListing([line])) {
          if (typeof row === 'string' || !(row.dialect === 'unix' || row.dialect === 'dos')) continue;
          expect(line.endsWith(row.target ?? row.name) || row.kind === 'symlink').toBe(true);
          expect(row.raw).toBe(line);
          expect(Number.isNaN(row.modified?.getTime())).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  const megabyte = (part: string) => part.repeat(Math.ceil((1 << 20) / part.length));
  it.each([
    ['spaces', megabyte(' ')],
    ['a name', `${UNIX} ${megabyte('x')}`],
    ['columns', `-rw-r--r-- ${megabyte('1 ')}`],
    ['digits', `-rw-r--r-- 1 ${megabyte('1')}`],
    ['dates', `-rw-r--r-- 1 joe users 1 ${megabyte('Nov 20 ')}`],
    ['commas', `-rw-r--r-- 1 joe users ${megabyte('1,')} Nov 20 11:05 x`],
    ['arrows', `lrwxrwxrwx 1 joe users 1 Nov 20 11:05 ${megabyte(' -> ')}`],
    ['permissions', megabyte('-rwx')],
    ['a DOS date', `${megabyte('04-')} 02:09PM 1 x`],
    ['a DOS name', `${DOS} ${megabyte(' [')}`],
    ['total', `total ${megabyte('8')}`],
  ])('takes a line of 1 MiB of %s in no time', (_title, line) => {
    for (const { dialect } of [...DETECTED, ...ONLY_NAMED]) {
      // In more than linear time this would not end within the spec's own time limit.
      expect(() => readListing([line], { dialect })).not.toThrow();
    }
    expect(() => readListing([line])).not.toThrow();
  });
});

describe('fileEntryFromFacts', () => {
  const convert = (line: string) => fileEntryFromFacts(parseFacts(line), line);

  it('gives MLSD entries the shape of all others', () => {
    const line = 'type=file;size=1234;modify=20241120110506;UNIX.mode=0644;UNIX.owner=joe;UNIX.group=users; a.txt';
    expect(convert(line)).toMatchObject({
      name: 'a.txt',
      kind: 'file',
      size: 1234,
      modified: new Date('2024-11-20T11:05:06Z'),
      precision: 'second',
      target: undefined,
      mode: 0o644,
      owner: 'joe',
      group: 'users',
      raw: line,
    });
  });

  it.each([
    ['type=dir; d', 'directory'],
    ['type=OS.unix=slink:/t; l', 'symlink'],
    ['type=OS.unix=chr-1/3; null', 'other'],
    ['size=1; x', 'other'],
  ])('reads the kind of %j', (line, kind) => {
    expect(convert(line)).toMatchObject({ kind, precision: 'none' });
  });

  it('knows where a link leads', () => {
    expect(convert('type=OS.unix=slink:/t; l')?.target).toBe('/t');
  });

  it.each(['type=cdir; .', 'type=cdir; /abs', 'type=pdir; ..', 'type=dir; .', 'type=dir; ..'])('drops %j', (line) => {
    expect(convert(line)).toBeUndefined();
  });
});
