/**
 * Reads the usual rows of `ls -l`: permissions, links, owner, group and size, `Nov 20 11:05` or `Nov 20 2024`, one blank, and the name.
 * It reads them in one pass, without cutting their columns.
 *
 * Rows that the full reader has read show owners, groups and permissions. This reader takes only rows with known ones, and gives them the
 * same meaning. It leaves all others to the full reader.
 */
import type { CalendarTime } from '../calendar.js';
import { readDigits } from '../digits.js';
import type { Columns } from './columns.js';
import type { Permissions } from './permissions.js';
import type { UnixRow } from './unix-row.js';

const SPACE = 0x20;
const ZERO = 0x30;
const COLON = 0x3a;
/** The place of the date, and its words. */
const DATE_AT = 5;
const DATE_WORDS = 3;
/** As many digits as JavaScript counts exactly, in every case. */
const MAX_SIZE_DIGITS = 15;
const MAX_LINK_DIGITS = 9;
/** So many columns of permissions are expected, and so many owners and groups. */
const MAX_KNOWN = 8;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const MONTH_LENGTH = 3;

/** A column of permissions, and the last row that had it. */
interface Known {
  readonly text: string;
  readonly permissions: Permissions;
  /** The text of that row up to its size, which most later rows share. */
  start: string;
  /** The links in it. */
  links: number;
  owner: string;
  group: string;
}

export class UsualRows implements CalendarTime {
  /** The last found row, with its facts. */
  line: string | undefined;
  permissions: Permissions | undefined;
  owner = '';
  group = '';
  links = 0;
  size = 0;
  month = 0;
  day = 0;
  /** `undefined` if the row has a time. */
  year: number | undefined;
  hour = 0;
  minute = 0;
  readonly second = 0;
  readonly millisecond = 0;
  nameAt = 0;
  readonly #known: Known[] = [];
  readonly #owners: string[] = [];
  readonly #groups: string[] = [];
  #takesTimes = false;
  #takesYears = false;
  #at = 0;

  /** Takes a row that was read in full, has one blank before its name, and leaves nothing open. */
  expect(columns: Columns, { at, words, date }: UnixRow, permissions: Permissions): void {
    if (at !== DATE_AT || words !== DATE_WORDS || date === undefined) return;
    if (permissions.device || permissions.links !== undefined || columns.line.startsWith('e')) return;
    if (date.ending === 'time') this.#takesTimes = true;
    if (date.ending === 'year' && columns.start(DATE_AT + 2) - columns.end(DATE_AT + 1) === 2) this.#takesYears = true;
    const text = columns.text(0);
    if (!this.#known.some((known) => known.text === text))
      remember(this.#known, { text, permissions, start: '', links: 0, owner: '', group: '' });
    if (!this.#owners.includes(columns.text(2))) remember(this.#owners, columns.text(2));
    if (!this.#groups.includes(columns.text(3))) remember(this.#groups, columns.text(3));
  }

  /** Whether `line` is such a row: then the fields are of it. */
  find(line: string): boolean {
    this.line = undefined;
    if (!this.#findStart(line)) return false;
    const size = this.#number(line, MAX_SIZE_DIGITS);
    if (size === -1 || !this.#findDay(line) || !this.#findTime(line)) return false;
    const unit = line.charCodeAt(this.#at + 1);
    // A single blank, and no other.
    if (line.charCodeAt(this.#at) !== SPACE || unit === SPACE || !(unit >= SPACE)) return false;
    this.nameAt = this.#at + 1;
    this.size = size;
    this.line = line;
    return true;
  }

  /** Permissions, links, owner and group. */
  #findStart(line: string): boolean {
    for (const known of this.#known) {
      const { text, start } = known;
      if (start !== '' && line.startsWith(start)) this.#at = start.length - 1;
      else if (line.charCodeAt(text.length) !== SPACE || !line.startsWith(text)) continue;
      else if (!this.#readStart(line, known)) return false;
      this.permissions = known.permissions;
      this.links = known.links;
      this.owner = known.owner;
      this.group = known.group;
      return true;
    }
    return false;
  }

  #readStart(line: string, known: Known): boolean {
    this.#at = known.text.length;
    const links = this.#number(line, MAX_LINK_DIGITS);
    const owner = links === -1 ? undefined : this.#wordOf(line, this.#owners);
    const group = owner === undefined ? undefined : this.#wordOf(line, this.#groups);
    if (owner === undefined || group === undefined) return false;
    known.start = line.slice(0, this.#at + 1);
    known.links = links;
    known.owner = owner;
    known.group = group;
    return true;
  }

  #skipBlanks(line: string): void {
    while (line.charCodeAt(this.#at) === SPACE) this.#at += 1;
  }

  /** The number behind blanks, before a blank; -1 if there is none. */
  #number(line: string, maxDigits: number): number {
    this.#skipBlanks(line);
    const start = this.#at;
    let number = 0;
    for (let digit = line.charCodeAt(this.#at) - ZERO; digit >= 0 && digit <= 9; ) {
      number = number * 10 + digit;
      this.#at += 1;
      digit = line.charCodeAt(this.#at) - ZERO;
    }
    const digits = this.#at - start;
    return digits > 0 && digits <= maxDigits && line.charCodeAt(this.#at) === SPACE ? number : -1;
  }

  /** Which of these words is behind blanks, and before a blank. */
  #wordOf(line: string, words: readonly string[]): string | undefined {
    this.#skipBlanks(line);
    for (const word of words) {
      if (line.charCodeAt(this.#at + word.length) !== SPACE || !line.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return word;
    }
    return undefined;
  }

  #findDay(line: string): boolean {
    this.#skipBlanks(line);
    const month = monthAt(line, this.#at);
    if (month === 0 || line.charCodeAt(this.#at + MONTH_LENGTH) !== SPACE) return false;
    this.month = month;
    this.#at += MONTH_LENGTH;
    this.day = this.#number(line, 2);
    return this.day !== -1;
  }

  /** `11:05` behind one blank, or ` 2024` behind two. */
  #findTime(line: string): boolean {
    const start = this.#at + 1;
    this.#at = start + 5;
    this.hour = 0;
    this.minute = 0;
    if (line.charCodeAt(start) === SPACE) {
      this.year = readDigits(line, start + 1, start + 5);
      return this.#takesYears && this.year !== -1;
    }
    this.year = undefined;
    this.hour = readDigits(line, start, start + 2);
    this.minute = readDigits(line, start + 3, start + 5);
    return this.#takesTimes && this.hour !== -1 && this.minute !== -1 && line.charCodeAt(start + 2) === COLON;
  }
}

/** Puts `one` before the others; the oldest makes room. */
function remember<T>(all: T[], one: T): void {
  all.unshift(one);
  if (all.length > MAX_KNOWN) all.pop();
}

/** The English month at `at`; 0 if there is none. */
function monthAt(line: string, at: number): number {
  const first = line.charCodeAt(at);
  const second = line.charCodeAt(at + 1);
  const third = line.charCodeAt(at + 2);
  for (let index = 0; index < MONTHS.length; index += MONTH_LENGTH) {
    if (
      MONTHS.charCodeAt(index + 2) === third &&
      MONTHS.charCodeAt(index + 1) === second &&
      MONTHS.charCodeAt(index) === first
    ) {
      return index / MONTH_LENGTH + 1;
    }
  }
  return 0;
}
