import { describe, expect, it, vi } from 'vitest';
import { MONTH_NAMES, monthMeanings, monthNumber } from '../../../lib/protocol/listing/months.js';

/** The names that are of another month in another language, or of two in one. */
const AMBIGUOUS = ['jui', 'lip', 'lis', 'listopad', 'listopada', 'srp'];

describe('monthNumber', () => {
  it.each(MONTH_NAMES.map((row) => [row.split(' ')]))('knows the twelve of %s', (months) => {
    expect(months).toHaveLength(12);
    for (const [index, names] of months.entries()) {
      for (const name of names.split('/')) {
        expect([name, monthNumber(name)]).toEqual([name, AMBIGUOUS.includes(name) ? 0 : index + 1]);
        expect(monthMeanings(name).some(({ month }) => month === index + 1)).toBe(true);
      }
    }
  });

  it('tells no month of a name that is of several', () => {
    const names = MONTH_NAMES.flatMap((row) => row.split(/[ /]/));
    expect([...new Set(names.filter((name) => monthNumber(name) === 0))].sort()).toEqual(AMBIGUOUS);
  });

  it.each([
    ['Nov', 11],
    ['DEZ.', 12],
    ['Juli,', 7],
    ['marz', 3],
    ['paz', 10],
    ['M\udce4r', 3],
    ['ม.ค.', 1],
    ['มี.ค.', 3],
    ['11月', 11],
    ['6월', 6],
    ['十一月', 11],
    ['ноября', 11],
    ['Lip.', 0],
    ['Foo', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['novembernovember', undefined],
  ])('takes %j for %j', (word, month) => {
    expect(monthNumber(word)).toBe(month);
  });

  it('makes the tables of other languages when a name is not English, and once', async () => {
    const normalize = vi.spyOn(String.prototype, 'normalize');
    try {
      vi.resetModules();
      const fresh = await import('../../../lib/protocol/listing/months.js');
      expect([fresh.monthNumber('Nov'), normalize.mock.calls.length]).toEqual([11, 0]);
      expect(fresh.monthNumber('Mai')).toBe(5);
      const calls = normalize.mock.calls.length;
      expect(calls).toBeGreaterThan(0);
      expect([fresh.monthNumber('maj'), normalize.mock.calls.length]).toEqual([5, calls]);
    } finally {
      normalize.mockRestore();
    }
  });
});
