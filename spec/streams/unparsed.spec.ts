import { describe, expect, it, vi } from 'vitest';
import { FtpProtocolError, FtpUsageError, withOutcome } from '../../lib/errors.js';
import { requireUnparsed, type UnparsedOption, UnparsedRows } from '../../lib/streams/unparsed.js';

function rowsOf(...rows: string[]): UnparsedRows {
  const unparsed = new UnparsedRows();
  for (const row of rows) unparsed.add(row);
  return unparsed;
}

function errorOf(unparsed: UnparsedRows, option?: UnparsedOption): unknown {
  try {
    unparsed.settle(option);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('UnparsedRows', () => {
  it.each([undefined, 'error', 'report'] as const)('settles without rows: %s', (option) => {
    const report = vi.fn();
    rowsOf().settle(option, report);
    expect(report).not.toHaveBeenCalled();
  });

  it.each([undefined, 'error'] as const)('throws an error that has them, and names the other choice: %s', (option) => {
    const error = errorOf(rowsOf('x y'), option);
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(error).toMatchObject({ unparsed: ['x y'], transient: false });
    expect(String(error)).toMatch(/^FtpProtocolError: 1 row of the listing was .* "x y".* unparsed: 'report'/);
  });

  it('keeps 100 of them, and counts all', () => {
    const rows = Array.from({ length: 250 }, (_, n) => `row ${n}`);
    const error = errorOf(rowsOf(...rows));
    expect(error).toMatchObject({ unparsed: rows.slice(0, 100) });
    expect(String(error)).toContain('250 rows of the listing were not understood');
  });

  it('shows a part of a long row, and keeps all of it', () => {
    const error = errorOf(rowsOf('x'.repeat(5000)));
    expect(String(error).length).toBeLessThan(500);
    expect(error).toMatchObject({ unparsed: ['x'.repeat(5000)] });
  });

  it('reports them, where that is chosen', () => {
    const report = vi.fn();
    const rows = rowsOf('x', 'y');
    rows.settle('report', report);
    expect(report.mock.calls).toEqual([[rows]]);
    expect(rows).toMatchObject({ rows: ['x', 'y'], count: 2 });
    expect(errorOf(rows, 'report')).toBeUndefined();
  });
});

it('an error keeps them with another outcome; any other has none', () => {
  expect(withOutcome(new FtpProtocolError('x', { unparsed: ['y'] }), 'none')).toMatchObject({ unparsed: ['y'] });
  expect(new FtpProtocolError('x').unparsed).toEqual([]);
});

it('the option is one of two words', () => {
  for (const unparsed of [undefined, 'error', 'report'] as const) requireUnparsed({ unparsed });
  for (const unparsed of ['ignore', true, null, 0]) {
    expect(() => requireUnparsed({ unparsed } as never)).toThrow(FtpUsageError);
  }
});
