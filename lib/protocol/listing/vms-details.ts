/** Reads the details behind the name of a VMS row, in any order: the form of each part identifies it. */
import { utcMs } from '../calendar.js';
import { clockOf, MIDNIGHT } from './clock-column.js';
import { wordsOf } from './columns.js';
import type { TimePrecision } from './file-entry.js';
import { joinedDay } from './numeric-date.js';
import type { ServerClock } from './server-clock.js';

export interface VmsDetails {
  readonly modified: Date | undefined;
  readonly precision: TimePrecision;
  readonly zoneKnown: boolean;
  readonly owner: string | undefined;
  readonly group: string | undefined;
}

const MAX_WORDS = 16;
const BLOCKS = /^\d{1,10}(?:\/\d{1,10})?(?:KB|MB|GB)?$/i;
const DATE = /^\d{1,2}-[^\s\d-]{3,9}-\d{4}$/;

/** Whether `text` begins with blocks or a date, or has a date in it. */
export function areDetails(text: string): boolean {
  const [first = '', ...others] = wordsOf(text, MAX_WORDS);
  return BLOCKS.test(first) || DATE.test(first) || others.some((word) => DATE.test(word));
}

export function vmsDetails(text: string, clock: ServerClock): VmsDetails {
  const words = wordsOf(text, MAX_WORDS);
  const at = words.findIndex((word) => DATE.test(word));
  const day = joinedDay(words[at] ?? '');
  const time = at === -1 ? undefined : clockOf(words[at + 1] ?? '');
  const { precision, ...hours } = time ?? MIDNIGHT;
  const local = day === undefined ? undefined : utcMs(day.year, { ...day, ...hours });
  return { ...clock.time(local, precision), ...ownership(text, words, at) };
}

/** `[GROUP,OWNER]`, `[OWNER]`, or a word between the date and the protection. */
function ownership(text: string, words: readonly string[], at: number): Pick<VmsDetails, 'owner' | 'group'> {
  const bracketed = /\[([^\][]{1,80})\]/.exec(text)?.[1];
  if (bracketed !== undefined) {
    const parts = bracketed.split(',').map((part) => part.trim());
    return { owner: parts.at(-1), group: parts.length > 1 ? parts[0] : undefined };
  }
  const after = at === -1 ? [] : words.slice(at + 1).filter((word) => clockOf(word) === undefined);
  const owner = after.find((word) => /^[A-Z_$][\w$]*$/i.test(word));
  return { owner, group: undefined };
}
