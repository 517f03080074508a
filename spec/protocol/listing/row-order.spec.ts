import { describe, expect, it } from 'vitest';
import { RowOrder } from '../../../lib/protocol/listing/row-order.js';

describe('RowOrder', () => {
  it('gives rows up to the first line that waits', () => {
    const order = new RowOrder();
    expect(order.take()).toEqual([]);
    order.add('a');
    const waiting = order.add();
    order.add('c');
    expect(order.length).toBe(3);
    expect(order.take()).toEqual(['a']);
    expect(order.take()).toEqual([]);
    expect(order.length).toBe(2);
    waiting.settled = 'b';
    expect(order.take()).toEqual(['b', 'c']);
    expect(order.length).toBe(0);
  });

  it('takes several rows or none of one line', () => {
    const order = new RowOrder();
    order.add(['a', 'b']);
    order.add([]);
    order.add('c');
    expect(order.take()).toEqual(['a', 'b', 'c']);
  });
});
