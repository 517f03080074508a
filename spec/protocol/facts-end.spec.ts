import { describe, expect, it } from 'vitest';
import { endOfFacts, TWO_READINGS } from '../../lib/protocol/facts-end.js';

/** The name behind the facts; undefined where it is not certain. */
function nameIn(line: string): string | undefined {
  const end = endOfFacts(line);
  return end === TWO_READINGS ? undefined : line.slice(end + 1);
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
  ])('takes the blanks in %j for those of a name of a user or a group', (line, name) => {
    expect(nameIn(line)).toBe(name);
  });

  it.each([
    'type=file; size=1; name',
    'type=file ;size=1; name',
    'type = file; size = 1; name',
    'media-type=text/plain charset x; name',
    ' type=file;size=1; name',
    '  Modify=20241120110506;type=file; name',
  ])('finds two readings of %j', (line) => {
    expect(endOfFacts(line)).toBe(TWO_READINGS);
  });

  it('finds two readings of blanks in a name of a user where last facts have no semicolon', () => {
    expect(endOfFacts('type=file;UNIX.ownername=ann a; b', true)).toBe(TWO_READINGS);
    expect(endOfFacts('type=file;UNIX.ownername=ann a', true)).toBe('type=file;UNIX.ownername=ann'.length);
    expect(endOfFacts('type=file;UNIX.ownername=ann; a b', true)).toBe('type=file;UNIX.ownername=ann;'.length);
  });

  it('finds no end without a blank', () => {
    expect(endOfFacts('type=file;')).toBe(-1);
  });
});
