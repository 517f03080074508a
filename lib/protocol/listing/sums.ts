/**
 * Recognises the sums of one listing (`total 8`): in known words, and in the word of its first line.
 *
 * There are more languages than a list can have, and some bytes were not decoded. So a word and a number that stand alone before the first
 * row of `ls -l` are a sum too. The same word is a sum before other blocks too.
 */
import { isSum } from './decoration.js';

/** One word of letters of any script, and a number. A message has a colon, a dot, or more words. */
const WORD_AND_NUMBER = /^([^\s!-@[-`{-~]{1,32}) {1,8}\d{1,16}$/;
const MAX_LENGTH = 96;

export class Sums {
  #word: string | undefined;

  isSum(line: string): boolean {
    return isSum(line) || (this.#word !== undefined && wordOf(line) === this.#word);
  }

  /** Takes the line before the first row of `ls -l`. Returns whether it is a sum. */
  learn(line: string): boolean {
    this.#word = wordOf(line);
    return this.#word !== undefined;
  }
}

function wordOf(line: string): string | undefined {
  return line.length > MAX_LENGTH ? undefined : WORD_AND_NUMBER.exec(line)?.[1];
}
