import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { factMap } from '../../lib/protocol/fact-map.js';

describe('factMap', () => {
  const line = 'Type=file;size=1;SIZE=2;bare;=x;UNIX.mode=0644 a=b';
  const facts = factMap(line, line.indexOf(' '));
  const pairs = [
    ['type', 'file'],
    ['size', '1'],
    ['unix.mode', '0644'],
  ];

  it('has the facts by name in lower case, the first of two', () => {
    expect([facts.size, facts.get('size'), facts.has('type'), facts.has('a'), facts.get('Type')]).toEqual([
      3,
      '1',
      true,
      false,
      undefined,
    ]);
  });

  it('is gone through like any map', () => {
    const seen: unknown[] = [];
    facts.forEach((value, name, map) => {
      seen.push([name, value]);
      expect(map).toBe(facts);
    });
    expect(seen).toEqual(pairs);
    expect([...facts]).toEqual(pairs);
    expect([...facts.entries()]).toEqual(pairs);
    expect([[...facts.keys()], [...facts.values()]]).toEqual([
      pairs.map(([name]) => name),
      pairs.map(([, value]) => value),
    ]);
    expect(new Map(facts).get('size')).toBe('1');
  });

  it('shows itself', () => {
    expect(inspect(facts)).toContain("'unix.mode' => '0644'");
  });
});
