import { describe, expect, it } from 'vitest';
import { endOfFacts, OPEN, TWO_READINGS } from '../../lib/protocol/facts-end.js';

/** The name behind the facts; undefined where it is not certain. */
function nameIn(line: string): string | undefined {
  const end = endOfFacts(line, undefined);
  return end < -1 ? undefined : line.slice(end + 1);
}

describe('endOfFacts', () => {
  it.each([
    ['type=file;size=1; name', 'name'],
    ['type=file;size=1;  name', ' name'],
    ['type=file;size=1;\tmy name', 'my name'],
    ['type=file;size=1 no last semicolon', 'no last semicolon'],
    ['type=file;size=1 a; b', 'a; b'],
    ['type=file;size=1; size=2; b', 'size=2; b'],
    ['type=file;UNIX.owner=1000 a; b', 'a; b'],
    ['type=file;UNIX.owner=1000 a;b=c; d', 'a;b=c; d'],
    ['type=file;UNIX.owner=1000 my a;type=i', 'my a;type=i'],
    ['type=file; x=1; b', 'x=1; b'],
    [' name', 'name'],
    ['  name', ' name'],
  ])('ends the facts of %j at the first blank', (line, name) => {
    expect(nameIn(line)).toBe(name);
  });

  it.each([
    ['type=file;UNIX.ownername=Ann Lee; name', 'name'],
    ['type=file;UNIX.OwnerName=Ann Lee;size=1; my name', 'my name'],
    ['UNIX.group=domain users of ann;\ta; b', 'a; b'],
    ['type=OS.unix=slink:/my docs;size=4; a', 'a'],
  ])('leaves to the listing whether the blanks in %j are of a user, a group or a path', (line, name) => {
    expect(endOfFacts(line, undefined)).toBe(OPEN);
    expect(line.slice(endOfFacts(line, 'semicolon') + 1)).toBe(name);
    expect(endOfFacts(line, 'none')).toBe(TWO_READINGS);
    expect(endOfFacts(line, 'mixed')).toBe(TWO_READINGS);
  });

  it.each([
    'type=file; size=1; name',
    'type=file ;size=1; name',
    'type = file; size = 1; name',
    'media-type=text/plain charset x; name',
    ' type=file;size=1; name',
    '  Modify=20241120110506;type=file; name',
  ])('finds two readings of %j', (line) => {
    expect(endOfFacts(line, undefined)).toBe(TWO_READINGS);
    expect(endOfFacts(line, 'semicolon')).toBe(TWO_READINGS);
  });

  it('ends facts without a last semicolon at the first blank where that is the only one', () => {
    for (const habit of [undefined, 'none', 'semicolon', 'mixed'] as const) {
      expect(endOfFacts('type=file;size=7 a b', habit)).toBe('type=file;size=7'.length);
      expect(endOfFacts('type=file;UNIX.ownername=ann; a b', habit)).toBe('type=file;UNIX.ownername=ann;'.length);
      const isOdd = habit === 'semicolon' || habit === 'mixed';
      const end = isOdd ? TWO_READINGS : 'type=file;UNIX.ownername=ann'.length;
      expect(endOfFacts('type=file;UNIX.ownername=ann a', habit)).toBe(end);
    }
  });

  it.each([
    'type=file;modify=2020 1015143904; a',
    'type=dir size=12;modify=20141213191149; a',
    'type=file;size=1 2;modify=20141213191149; a',
    'type=file;size=1 2;modify=20141213191149 a',
    'type=file;UNIX.ownername=Ann Lee;size=4 a',
    'type=file;perm= rw; a',
  ])('finds two readings of %j, whatever the listing does', (line) => {
    for (const habit of [undefined, 'none', 'semicolon', 'mixed'] as const)
      expect(endOfFacts(line, habit)).toBe(TWO_READINGS);
  });

  it('finds two readings of a value with a blank where the last facts of others have a semicolon', () => {
    expect(endOfFacts('type=file;unique=ab cd; x', 'semicolon')).toBe(TWO_READINGS);
    expect(endOfFacts('type=file;size=1 a; b', 'none')).toBe('type=file;size=1'.length);
  });

  it('finds no end without a blank', () => {
    expect(endOfFacts('type=file;', undefined)).toBe(-1);
  });
});
