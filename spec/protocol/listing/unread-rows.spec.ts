import { describe, expect, it } from 'vitest';
import { UnreadRows } from '../../../lib/protocol/listing/unread-rows.js';

type Look = Parameters<UnreadRows['add']>[1];

function unread(...looks: readonly Look[]): UnreadRows {
  const rows = new UnreadRows();
  for (const [index, look] of looks.entries()) rows.add(`${look}${index}`, look);
  return rows;
}

describe('UnreadRows', () => {
  it.each([
    [['heading'], false, undefined],
    [['heading'], true, 'heading0'],
    [['heading', 'sum'], false, 'heading0'],
    [['row', 'heading', 'sum'], false, 'row0,heading1'],
    [['heading', 'row'], true, undefined],
    [['sum', 'sum'], true, undefined],
    [['wide heading'], true, undefined],
    [['wide heading', 'sum'], false, 'wide heading0'],
  ] as const)('of %j, with a row behind them: %j, takes %j for a heading', (looks, isRowNext, heading) => {
    expect(unread(...looks).heading(isRowNext)).toBe(heading?.split(',').at(-1));
  });

  it('has not understood what is neither a sum nor the heading', () => {
    expect(unread('row', 'sum', 'heading').notUnderstood(true)).toEqual(['row0']);
    expect(unread('row', 'sum', 'heading').notUnderstood(false)).toEqual(['row0', 'heading2']);
  });

  it('keeps all lines, and tells those that must look like names', () => {
    const rows = unread('heading', 'sum', 'heading', 'row');
    expect(rows.lines).toEqual(['heading0', 'sum1', 'heading2', 'row3']);
    expect(rows.rows).toEqual(['heading2', 'row3']);
    expect(rows).toHaveLength(4);
  });
});
