import { describe, expect, it } from 'vitest';
import { HeldFacts } from '../../lib/protocol/held-facts.js';
import { LastFact } from '../../lib/protocol/last-fact.js';

const OPEN = 'type=file;UNIX.owner=ann a; b';

function open(): { readonly last: LastFact; readonly held: HeldFacts } {
  const last = new LastFact();
  return { last, held: new HeldFacts(last) };
}

describe('HeldFacts', () => {
  it('gives rows at once that leave nothing open', () => {
    const { held } = open();
    expect(held.isDecided).toBe(false);
    expect(held.take(' a')).toEqual([' a']);
    expect(held.take('type=file; a')).toEqual(['type=file; a']);
    expect(held.isDecided).toBe(true);
    expect(held.take(OPEN)).toEqual([OPEN]);
    expect(held.end()).toEqual([]);
  });

  it('keeps an open row, and those behind it, until one decides', () => {
    const { held, last } = open();
    expect(held.take(OPEN)).toEqual([]);
    expect(held.take(' a')).toEqual([]);
    expect(held.take('nonsense')).toEqual([]);
    expect(held.isDecided).toBe(false);
    expect(held.take('type=file b')).toEqual([OPEN, ' a', 'nonsense', 'type=file b']);
    expect(last.habit).toBe('none');
    expect(held.isDecided).toBe(true);
  });

  it('keeps 63 rows at most', () => {
    const { held, last } = open();
    for (let count = 1; count < 64; count += 1) expect(held.take(OPEN)).toEqual([]);
    expect(held.take(OPEN)).toHaveLength(64);
    expect(last.habit).toBe('semicolon');
  });

  it('decides at the end by the standard, where rows wait', () => {
    const { held, last } = open();
    expect(held.end()).toEqual([]);
    expect(last.habit).toBeUndefined();
    held.take(OPEN);
    expect(held.end()).toEqual([OPEN]);
    expect(last.habit).toBe('semicolon');
  });
});
