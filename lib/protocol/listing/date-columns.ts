/** Reads a date from the columns of a row. */
import type { Clock } from './clock-column.js';
import type { TimePrecision } from './file-entry.js';

/** The date in the columns: a calendar time, and maybe its year and its zone. */
export interface DateColumns extends Clock {
  readonly year: number | undefined;
  /** 0 if it is not certain. */
  readonly month: number;
  /** As the row has it; of numbers none. */
  readonly monthName: string | undefined;
  readonly day: number;
  /** Minutes ahead of UTC. */
  readonly zone: number | undefined;
  readonly precision: TimePrecision;
  /** The number of the date's words. */
  readonly words: number;
  /** So many of them are a time, and maybe its zone, behind a day that is whole without it (`2024-11-20 11:05`). Default none. */
  readonly timeWords?: number;
  /** How it ends: with a year where others have a time, or in another way. */
  readonly ending: 'year' | 'time' | 'other';
}
