/**
 * Finds the place where the facts of a row end and its name begins.
 *
 * RFC 3659 section 7.2: at the first space, which follows a semicolon. Servers deviate: NcFTPd omits the last semicolon, some send a tab,
 * and a value may have blanks (`UNIX.ownername=Ann Lee; name`). A row with two readings has no certain name.
 */
import { matchesKey } from './match-key.js';

const SPACE = 0x20;
const TAB = 0x09;
const SEMICOLON = 0x3b;

/** The facts whose values are words of people, which may contain blanks. */
const FREE_TEXT: readonly string[] = ['unix.ownername', 'unix.owner', 'unix.groupname', 'unix.group'];
/** The path that a link leads to. */
const LINK = /^type=OS\.unix=slink:/i;
/** The facts that servers are known to send. */
const NAMES =
  'type|size|sizd|modify|create|perm|unique|lang|charset|media-type|unix\\.[a-z]{1,16}|x\\.[a-z.-]{1,32}|win32\\.[a-z.-]{1,16}';
/** Such a fact in the next place. */
const KNOWN = /* @__PURE__ */ new RegExp(`^[ \\t]*(?:${NAMES}) ?= ?[^;]{0,255};`, 'i');
/** One behind another, and a name. */
const KNOWN_LATER = /* @__PURE__ */ new RegExp(`;[ \\t]*(?:${NAMES}) ?=.*[ \\t]`, 'i');
/** Before a name, one fact may follow another. */
const OPEN_LENGTH = 400;

/** The end of the last fact in the rows of a listing: a semicolon, none, or varying. */
export type LastFactHabit = 'semicolon' | 'none' | 'mixed';

/** The row can be read in two ways. */
export const TWO_READINGS = -2;
/** The row can be read in two ways, of which the habit of its listing decides, which is not known. */
export const OPEN = -3;

/** The index of the blank before the name; -1 if there is none, or {@link TWO_READINGS}, or {@link OPEN}. */
export function endOfFacts(line: string, habit: LastFactHabit | undefined): number {
  const space = line.indexOf(' ');
  // A tab after the last semicolon.
  const tab = line.indexOf('\t');
  const blank = tab > 0 && (space === -1 || tab < space) && line.charCodeAt(tab - 1) === SEMICOLON ? tab : space;
  if (blank <= 0) return blank === 0 && looksLikeFact(line, 0) ? TWO_READINGS : blank;
  if (line.charCodeAt(blank - 1) === SEMICOLON) return endBehindSemicolon(line, blank);
  return endBehindValue(line, blank, habit);
}

/** Several facts are joined without blanks: this one ends them. A single fact may have others behind the blank. */
function endBehindSemicolon(line: string, blank: number): number {
  const isSingle = line.indexOf(';') === blank - 1;
  return isSingle && looksLikeFact(line, blank) ? TWO_READINGS : blank;
}

/** A blank within a value, or the name behind a last fact without its semicolon. */
function endBehindValue(line: string, blank: number, habit: LastFactHabit | undefined): number {
  const start = line.lastIndexOf(';', blank) + 1;
  const value = line.slice(start, Math.min(blank, start + 64));
  const later = blankBehindSemicolon(line, blank);
  // A row without a semicolon where others have one.
  const isOdd = habit === 'semicolon' || habit === 'mixed';
  if (later === -1) return hasLaterFact(line, blank) || (isOdd && !isWholeValue(value)) ? TWO_READINGS : blank;
  if (isFreeText(line, start, value)) {
    if (habit === undefined) return OPEN;
    return habit === 'semicolon' ? later : TWO_READINGS;
  }
  const mayBeFact =
    looksLikeFact(line, blank) || hasLaterFact(line, blank) || /^[ \t]*;/.test(line.slice(blank, blank + 64));
  return !isOdd && isWholeValue(value) && !mayBeFact ? blank : TWO_READINGS;
}

/** Whether the value may have blanks: a path, or a name that is no number. */
function isFreeText(line: string, start: number, value: string): boolean {
  if (LINK.test(value)) return true;
  const isName = FREE_TEXT.some((name) => line[start + name.length] === '=' && matchesKey(line, start, name));
  return isName && !/=\d+$/.test(value);
}

/** The first blank that follows a semicolon, from `from` on. */
function blankBehindSemicolon(line: string, from: number): number {
  for (let at = line.indexOf(';', from); at !== -1; at = line.indexOf(';', at + 1)) {
    const unit = line.charCodeAt(at + 1);
    if (unit === SPACE || unit === TAB) return at + 1;
  }
  return -1;
}

const WHOLE =
  /^(?:type=(?:file|dir|cdir|pdir)|(?:size|sizd|unix\.(?:owner|group)(?:name)?|unix\.[ug]id)=\d+|(?:modify|create)=\d{14}(?:\.\d+)?|perm=[a-z]+|unix\.mode=[0-7]{3,7}|unique=[\w.-]+)$/i;

/** Whether the value of this fact is whole without what follows. */
function isWholeValue(fact: string): boolean {
  return WHOLE.test(fact);
}

function looksLikeFact(line: string, at: number): boolean {
  return KNOWN.test(line.slice(at, at + OPEN_LENGTH));
}

/** Whether a fact and a name may follow, behind a semicolon that a name hardly has in it. */
function hasLaterFact(line: string, at: number): boolean {
  return KNOWN_LATER.test(line.slice(at, at + OPEN_LENGTH));
}
