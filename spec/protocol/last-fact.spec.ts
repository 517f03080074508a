import { describe, expect, it } from 'vitest';
import { LastFact } from '../../lib/protocol/last-fact.js';

const OPEN = 'type=file;UNIX.owner=ann a; b';

describe('LastFact', () => {
  it.each([
    ['type=file;size=1; a', 'semicolon'],
    ['type=file;size=1 a', 'none'],
    ['type=file;UNIX.owner=ann a', 'none'],
    ['type=file;size=1;\ta', 'semicolon'],
  ])('learns from %j', (line, habit) => {
    const last = new LastFact();
    expect(last.learn(OPEN)).toBe(true);
    expect(last.habit).toBeUndefined();
    expect(last.learn(line)).toBe(false);
    expect(last.habit).toBe(habit);
    expect(last.learn(OPEN)).toBe(false);
    expect(last.habit).toBe(habit);
  });

  it.each([
    [' a'],
    ['nonsense'],
    ['total 5'],
    ['ls: a=b: not found'],
    ['type=file;'],
    ['type=file; '],
    ['type=file; size=1; a'],
  ])('learns nothing from %j', (line) => {
    const last = new LastFact();
    expect(last.learn(line)).toBe(false);
    expect(last.habit).toBeUndefined();
  });

  it('tells where rows have both', () => {
    const last = new LastFact();
    last.learn('type=file; a');
    last.learn('type=file a');
    expect(last.habit).toBe('mixed');
    last.learn('type=file; a');
    expect(last.habit).toBe('mixed');
  });

  it('takes the standard for what no row has shown', () => {
    const last = new LastFact();
    last.decide();
    expect(last.habit).toBe('semicolon');
    const other = new LastFact();
    other.learn('type=file a');
    other.decide();
    expect(other.habit).toBe('none');
  });
});
