/** Checks the output of a walk: in order, kept while the consumer holds, and bounded. */
import { Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { TreeOutput } from '../../../lib/recipes/tree/tree-output.js';

interface Heard {
  readonly values: number[];
  end: unknown;
}

function listen(): { readonly heard: Heard; readonly output: TreeOutput<number> } {
  const heard: Heard = { values: [], end: undefined };
  const subscriber = new Subscriber<number>({
    next: (value) => void heard.values.push(value),
    error: (error: unknown) => {
      heard.end = error;
    },
    complete: () => {
      heard.end = 'complete';
    },
  });
  return { heard, output: new TreeOutput(subscriber) };
}

describe('the output of a walk', () => {
  it('hands on at once what is not held', () => {
    const { heard, output } = listen();
    output.push(1);
    output.push(2);
    expect(heard.values).toEqual([1, 2]);
    output.end();
    expect(heard.end).toBe('complete');
  });

  it('keeps what is held, and its end behind that', () => {
    const { heard, output } = listen();
    output.hold();
    expect(output.held).toBe(true);
    output.push(1);
    output.push(2);
    output.fail('broken');
    expect(heard).toEqual({ values: [], end: undefined });
    output.release();
    expect(heard).toEqual({ values: [1, 2], end: 'broken' });
  });

  it('holds its inputs at ten thousand values, and lets go at half of them', () => {
    const { heard, output } = listen();
    const { gate, close } = output.openInput();
    const left = output.openInput();
    left.close();
    output.hold();
    for (let value = 1; value < 10_000; value += 1) output.push(value);
    expect(gate.held).toBe(false);
    output.push(10_000);
    expect(gate.held).toBe(true);
    expect(left.gate.held).toBe(false);
    // An input that comes later is held by the next value.
    const late = output.openInput();
    output.push(10_001);
    expect(late.gate.held).toBe(true);
    output.release();
    expect(heard.values).toHaveLength(10_001);
    expect([gate.held, late.gate.held]).toEqual([false, false]);
    close();
  });

  it('drops what waits when it is closed', () => {
    const { heard, output } = listen();
    output.hold();
    output.push(1);
    output.close();
    output.release();
    output.push(2);
    output.end();
    expect(heard).toEqual({ values: [], end: undefined });
  });
});
