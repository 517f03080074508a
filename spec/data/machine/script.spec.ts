/** The words that scripts are written in. */
import { describe, expect, it } from 'vitest';
import { failed, send, until } from '../../../lib/data/machine/script.js';

describe('a script', () => {
  it.each(['transfer', 'ABOR', 'PWD'] as const)('sends %s by an effect', (line) => {
    expect(send(line)).toEqual({ do: 'send', line });
  });

  it('waits for a predicate, which is asked only later', () => {
    let asked = 0;
    const wait = until('the end', () => ++asked > 1);
    expect(asked).toBe(0);
    expect([wait.wait, wait.holds(), wait.holds()]).toEqual(['the end', false, true]);
    expect([wait.ms, wait.since]).toEqual([undefined, undefined]);
  });

  it('waits so long, from such a time on', () => {
    expect(until('a reply', () => true, 2_000, 500)).toMatchObject({ ms: 2_000, since: 500 });
  });

  it('fails by a name', () => {
    expect(failed('late')).toEqual({ failed: 'late' });
  });
});
