import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpUsageError } from '../../lib/errors.js';
import { formatFactsOption, parseFacts } from '../../lib/protocol/facts.js';
import { parseMlst } from '../../lib/protocol/mlst.js';
import { createReply } from '../../lib/protocol/reply.js';

describe('parseFacts', () => {
  it('reads every typed fact', () => {
    const line =
      'Type=file;Size=1234;Modify=20241120110506.7;Create=20230102030405;Perm=adfrw;Unique=fd01g1;UNIX.mode=0644;' +
      'UNIX.owner=joe;UNIX.group=users;media-type=text/plain;charset=UTF-8;lang=en; a.txt';
    const entry = parseFacts(line);
    expect(entry.name).toBe('a.txt');
    expect(entry.type).toBe('file');
    expect(entry.size).toBe(1234);
    expect(entry.modified?.toISOString()).toBe('2024-11-20T11:05:06.700Z');
    expect(entry.created?.toISOString()).toBe('2023-01-02T03:04:05.000Z');
    expect(entry.perm).toBe('adfrw');
    expect(entry.unique).toBe('fd01g1');
    expect(entry.unixMode).toBe(0o644);
    expect(entry.unixOwner).toBe('joe');
    expect(entry.unixGroup).toBe('users');
    expect(entry.mediaType).toBe('text/plain');
    expect(entry.charset).toBe('UTF-8');
    expect(entry.language).toBe('en');
    expect(entry.linkTarget).toBeUndefined();
    expect([...entry.facts].slice(0, 2)).toEqual([
      ['type', 'file'],
      ['size', '1234'],
    ]);
    expect(entry.facts.size).toBe(12);
    expect(entry.facts).toBe(entry.facts);
  });

  it.each([
    ['type=file; a;b=c d', 'a;b=c d'],
    ['type=file;  leading', ' leading'],
    ['type=file; trailing ', 'trailing '],
    ['type=file;size=1 no semicolon (NcFTPd)', 'no semicolon (NcFTPd)'],
    [' no facts at all', 'no facts at all'],
    ['type=file; \n', '\n'],
    ['type=file; /an/absolute/path', '/an/absolute/path'],
    ['type=file; \udcff', '\udcff'],
    ['type=file;size=7;\tmy a.txt', 'my a.txt'],
    ['type=file; a;\tb', 'a;\tb'],
  ])('takes all after the first space of %j for the name', (line, name) => {
    expect(parseFacts(line).name).toBe(name);
  });

  it.each([
    ['type=file', 'file', undefined],
    ['TYPE=Dir', 'dir', undefined],
    ['type=cdir', 'cdir', undefined],
    ['type=pdir', 'pdir', undefined],
    ['type=OS.unix=slink:/a/target', 'symlink', '/a/target'],
    ['Type=OS.UNIX=SLINK:', 'symlink', undefined],
    ['type=OS.unix=slink', 'symlink', undefined],
    ['type=OS.unix=symlink', 'symlink', undefined],
    ['type=link', 'symlink', undefined],
    ['type=OS.unix=chr-13/29', 'other', undefined],
    ['type=OS.unix=blk-8/0', 'other', undefined],
    ['type=', 'other', undefined],
    ['size=1', 'other', undefined],
  ])('reads the type of %s', (facts, type, target) => {
    const entry = parseFacts(`${facts}; x`);
    expect([entry.type, entry.linkTarget]).toEqual([type, target]);
  });

  it('takes sizd for the size of a directory (Pure-FTPd)', () => {
    expect(parseFacts('type=dir;sizd=4096; d').size).toBe(4096);
    expect(parseFacts('type=dir;size=1;sizd=4096; d').size).toBe(1);
  });

  it.each([
    ['UNIX.ownername=joe;UNIX.owner=1000;UNIX.groupname=users;UNIX.group=100', 'joe', 'users'],
    ['UNIX.owner=1000;UNIX.uid=1;UNIX.group=100;UNIX.gid=2', '1000', '100'],
    ['UNIX.uid=1;UNIX.gid=2', '1', '2'],
  ])('finds owner and group in %s', (facts, owner, group) => {
    const entry = parseFacts(`${facts}; x`);
    expect([entry.unixOwner, entry.unixGroup]).toEqual([owner, group]);
  });

  it.each([
    ['644', 0o644],
    ['0644', 0o644],
    ['4755', 0o4755],
    ['0100644', 0o644],
    ['888', undefined],
    ['', undefined],
    ['-1', undefined],
    ['00000000644', undefined],
  ])('reads UNIX.mode=%s', (mode, bits) => {
    expect(parseFacts(`UNIX.mode=${mode}; x`).unixMode).toBe(bits);
  });

  it('leaves what makes no sense undefined, and readable in facts', () => {
    const entry = parseFacts('size=99999999999999999999;modify=20240230000000;create=;=x;bare;size=1; x');
    expect([entry.size, entry.modified, entry.created]).toEqual([undefined, undefined, undefined]);
    expect([...entry.facts]).toEqual([
      ['size', '99999999999999999999'],
      ['modify', '20240230000000'],
      ['create', ''],
    ]);
  });

  it('does not mistake a fact for another that ends or begins alike', () => {
    const entry = parseFacts('xsize=1;sizes=2;size;siz=3; size =4');
    expect(entry.size).toBeUndefined();
    expect(parseFacts('perms=x;permit;xperm=y; x').perm).toBeUndefined();
    expect(parseFacts('perm=size=7;size=8; x').size).toBe(8);
  });

  it.each(['', 'type=file;', 'type=file; ', ' ', 'name-alone'])('refuses %j: no name', (line) => {
    expect(() => parseFacts(line)).toThrow(FtpProtocolError);
  });

  it.each(['No entry here.', 'ls: cannot open', 'type;size; a=b'])('refuses %j: no facts', (line) => {
    expect(() => parseFacts(line)).toThrow(FtpProtocolError);
  });

  it('refuses a NUL in the name, and does not show it', () => {
    expect(() => parseFacts('type=file; a\0b')).toThrow(/a\\x00b/);
  });

  it('shows itself when logged and as JSON', () => {
    const entry = parseFacts('type=file;size=1; x');
    expect(JSON.parse(JSON.stringify(entry))).toEqual({ name: 'x', type: 'file', facts: { type: 'file', size: '1' } });
    expect(inspect(entry)).toContain("size: '1'");
  });

  it('finds by name what it lists, for any facts', () => {
    const word = fc.stringMatching(/^[A-Za-z.-]{1,12}$/);
    const value = fc.stringMatching(/^[!-:<-~]{0,12}$/);
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, value)), name, (facts, text) => {
        const entry = parseFacts(`${facts.map(([key, fact]) => `${key}=${fact};`).join('')} ${text}`);
        const expected = new Map<string, string>();
        for (const [key, fact] of facts) if (!expected.has(key.toLowerCase())) expected.set(key.toLowerCase(), fact);
        expect(entry.name).toBe(text);
        expect([...entry.facts]).toEqual([...expected]);
        expect(entry.perm).toBe(expected.get('perm'));
      }),
    );
  });

  it('reads each of several entries by its own line, in whatever order they are asked', () => {
    const one = parseFacts('type=file;size=1;UNIX.mode=0600; one');
    const two = parseFacts('modify=20240102030405;TYPE=dir;sizd=2;size=3;size=4; two');
    expect([one.unixMode, two.size, one.size, two.type, one.type]).toEqual([0o600, 3, 1, 'dir', 'file']);
    expect([one.modified, two.unixMode, one.modified]).toEqual([undefined, undefined, undefined]);
    expect(two.modified?.toISOString()).toBe('2024-01-02T03:04:05.000Z');
  });

  it('reads no fact from the name', () => {
    const entry = parseFacts('type=file a;size=1;modify=20240102030405;=;UNIX.mode=0644');
    expect([entry.type, entry.size, entry.modified, entry.unixMode]).toEqual(['file', undefined, undefined, undefined]);
  });

  it('is linear on hostile lines', () => {
    // A quadratic parser would need an hour for these, and the spec's own time limit would end it.
    for (const part of ['a=;;', '=', 'a=;', 'size=']) {
      const entry = parseFacts(`${part.repeat((1 << 20) / part.length)} x`);
      expect([entry.modified, entry.facts.size <= 1]).toEqual([undefined, true]);
    }
    expect(parseFacts(`a=${';'.repeat(1 << 20)} =`).modified).toBeUndefined();
  });
});

describe('parseMlst', () => {
  it.each([
    [['Begin', ' type=file;size=1; /a b', 'End'], '/a b'],
    [['Begin', 'type=file; /a', 'End'], '/a'],
    [['Begin', '', ' type=file; /a', ' type=file; /b', 'End'], '/a'],
    [['type=file; /a'], '/a'],
    [['Begin', '  /no-facts', 'End'], '/no-facts'],
    [['Begin', '  type=file;size=5; doc', 'End'], 'doc'],
    [['Begin', '   type=file;  doc', 'End'], ' doc'],
    [['Begin', ' type=file;  /leading', 'End'], ' /leading'],
  ])('reads %j', (lines, name) => {
    expect(parseMlst(createReply(250, lines)).name).toBe(name);
  });

  it.each([
    [['Begin', 'End']],
    [['Begin', ' ', 'End']],
    [['']],
    [['Done']],
    [['Begin', ' type=file;', 'End']],
  ])('refuses %j', (lines) => {
    expect(() => parseMlst(createReply(250, lines))).toThrow(FtpProtocolError);
  });
});

describe('formatFactsOption', () => {
  it('gives each fact its semicolon', () => {
    expect(formatFactsOption(['type', 'UNIX.mode', 'media-type'])).toBe('type;UNIX.mode;media-type;');
    expect(formatFactsOption([])).toBe('');
  });

  it.each(['', 'a b', 'a;b', 'a=b', 'a\r\n', 'ü'])('refuses %j', (fact) => {
    expect(() => formatFactsOption(['type', fact])).toThrow(FtpUsageError);
  });
});
