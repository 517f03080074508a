/**
 * Reads rows of a z/OS library: members with optional statistics (`Name VV.MM Created Changed Size Init Mod Id`), and load modules
 * (`Name Size TTR Alias-of ...`). Their sizes count lines, or memory of a module, so an entry has none.
 */
import { utcMs } from '../calendar.js';
import { clockOf, MIDNIGHT } from './clock-column.js';
import { wordsOf } from './columns.js';
import type { FileEntry } from './file-entry.js';
import { joinedDay } from './numeric-date.js';
import type { ServerClock } from './server-clock.js';

const NAME = /^[A-Z@#$][A-Z0-9@#${]{0,7}$/i;
const MAX_WORDS = 10;

/** Reads a member; `undefined` if the row is none. */
export function memberOf(line: string, clock: ServerClock): FileEntry | undefined {
  const words = wordsOf(line, MAX_WORDS);
  const [name = '', version, created = '', changed = '', time = ''] = words;
  if (!NAME.test(name)) return undefined;
  if (words.length === 1) return memberEntry(name, line);
  if (version === undefined || !/^\d\d\.\d\d$/.test(version)) return undefined;
  const createdAt = clock.time(localOf(created, ''), 'day').modified;
  const { modified, precision, zoneKnown } = clock.time(localOf(changed, time), clockOf(time)?.precision ?? 'day');
  const owner = /^\D/.test(words.at(-1) ?? '') ? words.at(-1) : undefined;
  return { ...memberEntry(name, line), modified, precision, zoneKnown, created: createdAt, owner };
}

/** One load module; `undefined` when the row is none. */
export function moduleOf(line: string): FileEntry | undefined {
  const [name = '', size, place] = wordsOf(line, MAX_WORDS);
  if (!NAME.test(name)) return undefined;
  const isModule = /^[0-9A-F]{6,8}$/i.test(size ?? '') && /^[0-9A-F]{6}$/i.test(place ?? '');
  return isModule || size === undefined ? memberEntry(name, line) : undefined;
}

function memberEntry(name: string, raw: string): FileEntry {
  return { name, kind: 'file', precision: 'none', zoneKnown: false, dialect: 'zos', raw };
}

function localOf(date: string, time: string): number | undefined {
  const day = joinedDay(date);
  const { precision, ...hours } = clockOf(time) ?? MIDNIGHT;
  return day === undefined || day.year < 100 ? undefined : utcMs(day.year, { ...day, ...hours });
}
