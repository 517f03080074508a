/**
 * Finds out from the rows of a listing whether its server puts a semicolon behind the last fact. RFC 3659 demands one; NcFTPd sends none. A
 * row leaves it open if an owner may have blanks: `UNIX.owner=ann a; b` is of `ann`, or of `ann a`.
 */
import { endOfFacts, type LastFactHabit, OPEN } from './facts-end.js';

const SEMICOLON = 0x3b;

export class LastFact {
  #habit: LastFactHabit | undefined;

  /** `undefined` until a row has shown it. */
  get habit(): LastFactHabit | undefined {
    return this.#habit;
  }

  /** Takes a row as evidence, before it is read. Returns whether the end of its facts is open. A line without facts shows nothing. */
  learn(line: string): boolean {
    const end = endOfFacts(line, this.#habit);
    if (end > 0 && end < line.length - 1 && line.slice(0, end).includes('=')) this.see(line, end);
    return end === OPEN;
  }

  /** Takes a row whose facts end at `end` for certain. */
  see(line: string, end: number): void {
    const habit = line.charCodeAt(end - 1) === SEMICOLON ? 'semicolon' : 'none';
    if (this.#habit !== habit) this.#habit = this.#habit === undefined ? habit : 'mixed';
  }

  /** No row has shown it: it is taken for the standard's. */
  decide(): void {
    this.#habit ??= 'semicolon';
  }
}
