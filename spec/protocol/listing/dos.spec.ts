import { describe, expect, it } from 'vitest';
import { parseDosLine } from '../../../lib/protocol/listing/dos.js';

const parse = (line: string) => parseDosLine(line, { now: new Date('2024-11-20T12:00:00Z') });

describe('parseDosLine', () => {
  it('reads a file', () => {
    const line = '04-08-14  02:09PM             16855928 file.txt';
    expect(parse(line)).toMatchObject({
      name: 'file.txt',
      kind: 'file',
      size: 16_855_928,
      modified: new Date('2014-04-08T14:09:00Z'),
      precision: 'minute',
      target: undefined,
      raw: line,
    });
  });

  it('reads a directory', () => {
    const entry = parse('10-18-12  01:05PM       <DIR>          dev');
    expect(entry).toMatchObject({ name: 'dev', kind: 'directory', modified: new Date('2012-10-18T13:05:00Z') });
    expect(entry?.size).toBeUndefined();
  });

  it.each([
    ['12-31-69  11:59PM', '2069-12-31T23:59:00.000Z'],
    ['01-01-70  12:00AM', '1970-01-01T00:00:00.000Z'],
    ['01-01-2024  12:00PM', '2024-01-01T12:00:00.000Z'],
    ['02-29-24  12:30am', '2024-02-29T00:30:00.000Z'],
    ['02-29-24  11:30 PM', '2024-02-29T23:30:00.000Z'],
    ['02-29-24  11:30p', '2024-02-29T23:30:00.000Z'],
    ['02-29-24  23:30', '2024-02-29T23:30:00.000Z'],
    ['02-29-24  23:30:15', '2024-02-29T23:30:00.000Z'],
    ['2024-02-29  23:30', '2024-02-29T23:30:00.000Z'],
    ['2024/02/29  23:30', '2024-02-29T23:30:00.000Z'],
    ['29.02.2024  23:30', '2024-02-29T23:30:00.000Z'],
    ['03.02.2024  23:30', '2024-02-03T23:30:00.000Z'],
    ['29/02/2024  23:30', '2024-02-29T23:30:00.000Z'],
    ['02/03/2024  23:30', '2024-02-03T23:30:00.000Z'],
  ])('reads the time %s', (time, iso) => {
    const entry = parse(`${time}            12 x`);
    expect([entry?.name, entry?.modified?.toISOString()]).toEqual(['x', iso]);
  });

  it.each([
    '02-30-24  11:30PM',
    '02-29-23  11:30PM',
    '13-13-24  11:30PM',
    '02-29-24  13:30PM',
    '02-29-24  00:30AM',
    '02-29-24  24:00',
    '02-29-24  1130',
    '02-29/24  11:30',
    '2-9  11:30',
    'Nov 20  11:05',
  ])('refuses the time %s', (time) => {
    expect(parse(`${time}            12 x`)).toBeUndefined();
  });

  it.each([
    ['9,730', 9730],
    ['1.234.567', 1_234_567],
    ['0', 0],
  ])('reads the size %s', (text, size) => {
    expect(parse(`04-08-14  02:09PM ${text} x`)).toMatchObject({ name: 'x', size });
  });

  it.each(['-1', 'x', '1,2', '99999999999999999999', '<FOO>', 'constructor'])('refuses the size %s', (text) => {
    expect(parse(`04-08-14  02:09PM ${text} x`)).toBeUndefined();
  });

  it.each(['a b', ' leading', 'trailing ', '  two  ', '<DIR>', '12 34'])('keeps the name %j exactly', (name) => {
    expect(parse(`04-08-14  02:09PM             16855928 ${name}`)?.name).toBe(name);
    expect(parse(`10-18-12  01:05PM       <DIR>          ${name}`)?.name).toBe(name);
  });

  it('reads a directory in columns of its own', () => {
    expect(parse('10-18-12  01:05PM <DIR> dev')?.name).toBe('dev');
    expect(parse('10-18-12  01:05PM  <dir>    dev x')?.name).toBe('dev x');
  });

  it.each([
    ['<SYMLINKD>     link [C:\\some where]', 'link', 'C:\\some where'],
    ['<SYMLINK>      link [target]', 'link', 'target'],
    ['<JUNCTION>     link [C:\\x]', 'link', 'C:\\x'],
    ['<JUNCTION>     bare', 'bare', undefined],
    ['<JUNCTION>     odd [x', 'odd [x', undefined],
  ])('reads %s', (text, name, target) => {
    const entry = parse(`10-18-12  01:05PM    ${text}`);
    expect([entry?.kind, entry?.name, entry?.target]).toEqual(['symlink', name, target]);
  });

  it.each([
    '10-18-12  01:05PM       <DIR>',
    '10-18-12  01:05PM       <DIR>          ',
    '10-18-12  01:05PM 12',
    '10-18-12  01:05PM 12 ',
    '10-18-12  01:05PM',
    '10-18-12',
    '',
  ])('refuses %j: no name', (line) => {
    expect(parse(line)).toBeUndefined();
  });

  it("takes the server's clock for what it is said to be", () => {
    const context = { now: new Date(0), timeZone: -90 };
    expect(parseDosLine('04-08-14  02:09PM 1 x', context)?.modified).toEqual(new Date('2014-04-08T15:39:00Z'));
  });
});
