/**
 * Checks the names of options. It refuses an unknown one. Ignoring `username`, say, would log in anonymously, which the caller did not
 * want. The message names the probable option, and never a value.
 */
import { FtpUsageError } from '../errors.js';
import { printable } from './printable.js';

/** An object with the options of a call as its keys. */
type Names = Readonly<Record<string, unknown>>;

/** The right name, and the names in other programs, in lower-case letters alone. */
export type OptionAliases = Readonly<Record<string, readonly string[]>>;

/**
 * Throws FtpUsageError for anything but an object of options, for a key of it that `known` does not have, and for an option that
 * is not a property of the object itself. An AbortSignal or a Map in its place has no keys, and would be ignored.
 */
export function requireKnownOptions(given: unknown, known: Names, aliases: OptionAliases = {}): void {
  requireKeys(given, known, {
    notAnObject: 'The options must be an object',
    elsewhere: 'The option',
    unknown: (name) =>
      `There is no option ${name}${advice(name, Object.keys(known), aliases) ?? `. The options are: ${listOf(known)}.`}`,
  });
}

/** The same for an option that is an object of named parts, such as `tls`. A value that is no object is left to others. */
export function requireKnownParts(option: string, given: unknown, known: Names, aliases: OptionAliases = {}): void {
  if (typeof given !== 'object' || given === null) return;
  requireKeys(given, known, {
    notAnObject: `The option ${option} must be an object`,
    elsewhere: `The option ${option} has a part that would be ignored:`,
    unknown: (name) =>
      `The option ${option} has no part ${name}${advice(name, Object.keys(known), aliases) ?? `. Its parts are: ${listOf(known)}.`}`,
  });
}

/** The words for an object that does not hold its options as it should. */
interface Words {
  readonly notAnObject: string;
  readonly elsewhere: string;
  readonly unknown: (name: string) => string;
}

/**
 * Options are read, copied and checked as own, enumerable properties. One that stands elsewhere would get lost in a copy:
 * `secure` of a getter, say, and the password would go out in clear. So it is refused.
 */
function requireKeys(given: unknown, known: Names, words: Words): void {
  if (isEmpty(given)) return;
  if (!isObject(given)) throw notAnObject(known, words);
  const elsewhere = keyElsewhere(given, known);
  if (elsewhere !== undefined) {
    throw new FtpUsageError(
      `${words.elsewhere} ${printable(elsewhere)} is inherited, a getter of a class, or not enumerable. Give it as a property of the object itself.`,
    );
  }
  if (!isPlain(given) && Object.keys(given).length === 0) throw notAnObject(known, words);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw new FtpUsageError(words.unknown(printable(unknown)));
}

function notAnObject(known: Names, words: Words): FtpUsageError {
  return new FtpUsageError(`${words.notAnObject} like { ${exampleOf(known)} }.`);
}

/** The options of most calls: a plain object without any. */
function isEmpty(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  return Object.getPrototypeOf(given) === Object.prototype && Reflect.ownKeys(given).length === 0;
}

/** A class of the user's own may hold options: as keys of its instances. */
function isObject(given: unknown): given is object {
  return Object.prototype.toString.call(given) === '[object Object]';
}

/** Accepts an object of another realm too, whose `Object` is not this one's. */
function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The name of an option, or of a probable one, that is not an own, enumerable property. Methods are no options. */
function keyElsewhere(given: object, known: Names): string | undefined {
  const hidden = Object.keys(known).find(
    (name) => name in given && !Object.prototype.propertyIsEnumerable.call(given, name),
  );
  return hidden ?? keysOfPrototypes(given).find((name) => !Object.hasOwn(given, name));
}

function keysOfPrototypes(given: object): string[] {
  const prototype: object | null = Object.getPrototypeOf(given);
  if (prototype === null || isRoot(prototype)) return [];
  const properties = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const keys = properties.filter(([, { enumerable, get }]) => enumerable === true || get !== undefined);
  return [...keys.map(([name]) => name), ...keysOfPrototypes(prototype)];
}

/** Whether it is `Object.prototype`, of any realm. */
function isRoot(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

function exampleOf(known: Names): string {
  return Object.hasOwn(known, 'signal') ? 'signal' : (Object.keys(known)[0] ?? '');
}

function listOf(known: Names): string {
  return Object.keys(known).join(', ');
}

/** The right name in place of `name`, if it can be guessed. */
function advice(name: string, known: readonly string[], aliases: OptionAliases): string | undefined {
  const letters = lettersOf(name);
  const meant = Object.keys(aliases).find((option) => aliases[option]?.includes(letters) && isToBeHad(option, known));
  if (meant !== undefined) return `: use ${meant}.`;
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `: did you mean ${nearest}?`;
}

/** Operations share their aliases, but not all their options. An alias may also stand for a phrase, which has blanks. */
function isToBeHad(option: string, known: readonly string[]): boolean {
  return known.includes(option) || !/^[\w$]+$/.test(option);
}

/** So that `source_address` and `sourceAddress` are one name. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** The name that takes the fewest edits, if those are few enough to be slips. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => editDistance(name.toLowerCase(), candidate.toLowerCase()));
  const least = Math.min(...distances);
  return least <= Math.max(2, name.length / 3) && least < name.length ? known[distances.indexOf(least)] : undefined;
}

/** Levenshtein's: how many characters have to be added, removed or replaced to make `to` of `from`. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, character] of [...from].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
