/**
 * Decides about names that mean different months in two languages: Polish `lip` is July, Croatian `lip` June. The other names in the
 * listing show its language; if they do not, such a date is not known.
 */
import type { DateColumns } from './date-columns.js';
import { monthMeanings, type NamedMonth, onlyMonth } from './months.js';

/** So many different names are kept: twelve, in two spellings each. */
const MAX_NAMES = 24;

export class MonthWords {
  readonly #names = new Set<string>();
  readonly #open = new Set<string>();
  #last = '';
  /** The languages that all names are of; `undefined` until they are asked for. */
  #languages: ReadonlySet<number> | undefined;
  #decided = false;

  /** Takes a row's date. Returns whether its month is open. */
  learn({ month, monthName }: DateColumns): boolean {
    if (monthName === undefined) return false;
    if (monthName !== this.#last) this.#add(monthName);
    if (month !== 0 || this.#decided) return false;
    this.#open.add(monthName);
    return this.monthOf(monthName) === 0;
  }

  get isDecided(): boolean {
    return this.#decided || [...this.#open].every((name) => this.monthOf(name) !== 0);
  }

  decide(): void {
    if (this.#open.size > 0) this.#decided = true;
  }

  /** The month in the language of the listing; 0 if that is not known. */
  monthOf(name: string): number {
    const languages = this.#known();
    const meanings = monthMeanings(name).filter(({ language }) => languages.has(language));
    return meanings.length === 0 ? 0 : (onlyMonth(meanings) ?? 0);
  }

  #add(name: string): void {
    this.#last = name;
    if (this.#names.has(name) || this.#names.size >= MAX_NAMES) return;
    this.#names.add(name);
    this.#languages = undefined;
  }

  #known(): ReadonlySet<number> {
    this.#languages ??= [...this.#names].map(monthMeanings).reduce(shared, undefined) ?? new Set();
    return this.#languages;
  }
}

/** The languages that have this name too. */
function shared(languages: ReadonlySet<number> | undefined, meanings: readonly NamedMonth[]): ReadonlySet<number> {
  const own = new Set(meanings.map(({ language }) => language));
  return languages === undefined ? own : new Set([...languages].filter((language) => own.has(language)));
}
