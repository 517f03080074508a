import { describe, expect, it } from 'vitest';
import type { DateColumns } from '../../../lib/protocol/listing/date-columns.js';
import { MonthWords } from '../../../lib/protocol/listing/month-words.js';
import { monthNumber } from '../../../lib/protocol/listing/months.js';

const dateOf = (monthName: string): DateColumns => ({
  ...{ year: 2024, month: monthNumber(monthName) ?? 0, monthName, day: 1, zone: undefined, words: 3, ending: 'year' },
  ...{ hour: 0, minute: 0, second: 0, millisecond: 0, precision: 'day' },
});

function learned(...names: readonly string[]): MonthWords {
  const months = new MonthWords();
  for (const name of names) months.learn(dateOf(name));
  return months;
}

describe('MonthWords', () => {
  it.each([
    [['lip', 'mar'], 'lip', 7],
    [['lip', 'ožu'], 'lip', 6],
    [['ozu', 'LIS.'], 'LIS.', 10],
    [['srp', 'lis', 'led'], 'srp', 8],
    [['lip', 'lis'], 'lip', 0],
    [['lip', 'Nov'], 'lip', 0],
    [['jui', 'mars'], 'jui', 0],
    [['lip', '11月'], 'lip', 0],
  ])('in a listing of %j, %s is %i', (names, name, month) => {
    expect(learned(...names).monthOf(name)).toBe(month);
    expect(learned(...names).isDecided).toBe(month !== 0);
  });

  it('says which rows are open, and none any more once it is to decide', () => {
    const months = new MonthWords();
    expect(['maj', 'lis', 'lis', 'lut'].map((name) => months.learn(dateOf(name)))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    const open = learned('lip');
    expect([open.isDecided, open.learn(dateOf('lip'))]).toEqual([false, true]);
    open.decide();
    expect([open.isDecided, open.learn(dateOf('lip'))]).toEqual([true, false]);
  });
});
