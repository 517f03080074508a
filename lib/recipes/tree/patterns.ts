/**
 * Matches paths against patterns (picomatch): whole paths, and directories that can lead to one.
 *
 * The first pattern loads picomatch, which is bundled. The parts of a pattern between its slashes tell which directories can lead to a
 * match. A set of positions in these parts advances with each part of a path.
 */
import { FtpUsageError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';

/** The options for reading patterns. */
export interface PatternOptions {
  /** Match names that begin with a dot by `*` and `**` too. Default `false`: by patterns alone that begin with one. */
  readonly dot?: boolean | undefined;
  /** Take capital and small letters for the same. Default `false`. */
  readonly nocase?: boolean | undefined;
}

/** Patterns that are ready. */
export interface Patterns {
  /** Whether the file at `path`, of this kind, is meant. */
  matches(path: string, isDirectory: boolean): boolean;
  /** Whether anything below the directory at `path` can be meant. */
  canMatchBelow(path: string): boolean;
}

/** Its own types stay out of the declarations: users of this package do not have them. */
export type Matcher = (path: string) => boolean;

export interface MatcherOptions {
  readonly dot: boolean;
  readonly nocase: boolean;
}

export type Picomatch = (pattern: string, options: MatcherOptions) => Matcher;

/** picomatch itself, for other modules that match paths. */
export async function loadPicomatch(): Promise<Picomatch> {
  const { default: picomatch } = await import('picomatch');
  // Paths of a tree have slashes on Windows too.
  return (pattern, options) => picomatch(pattern, { ...options, windows: false });
}

/**
 * Resolves with the patterns. A pattern that begins with `!` takes out what it matches, wherever it stands; one that ends with `/` means
 * directories. Rejects with FtpUsageError for a value that is no pattern, and for a pattern that matches nothing in a tree.
 */
export async function openPatterns(patterns: string | readonly string[], options: PatternOptions): Promise<Patterns> {
  const all = typeof patterns === 'string' ? [patterns] : patterns;
  checkPatterns(all);
  const picomatch = await loadPicomatch();
  const how = { dot: options.dot === true, nocase: options.nocase === true };
  const open = (pattern: string): Pattern => new Pattern(pattern, picomatch, how);
  const wanted = all.filter((pattern) => !isNegative(pattern)).map(open);
  const unwanted = all.filter(isNegative).map((pattern) => open(pattern.slice(1)));
  return {
    matches: (path, isDirectory) =>
      wanted.some((pattern) => pattern.matches(path, isDirectory)) &&
      !unwanted.some((pattern) => pattern.matches(path, isDirectory)),
    canMatchBelow: (path) => wanted.some((pattern) => pattern.canMatchBelow(path)),
  };
}

/** `!(a|b)` is a pattern of picomatch, and takes nothing out. */
function isNegative(pattern: string): boolean {
  return pattern.startsWith('!') && !pattern.startsWith('!(');
}

function checkPatterns(patterns: readonly unknown[]): void {
  if (!Array.isArray(patterns) || patterns.length === 0) throw new FtpUsageError('There is no pattern.');
  for (const pattern of patterns) {
    if (typeof pattern !== 'string' || pattern === '' || pattern === '!') {
      throw new FtpUsageError('A pattern must be a text that is not empty.');
    }
    const parts = (isNegative(pattern) ? pattern.slice(1) : pattern).split('/');
    if (parts[0] === '' || parts.includes('..')) {
      throw new FtpUsageError(
        `The pattern "${printable(pattern)}" matches nothing: patterns are of paths below the root.`,
      );
    }
  }
  if (patterns.every((pattern) => isNegative(pattern as string))) {
    throw new FtpUsageError('Each pattern begins with "!", so that nothing would match. Add "**".');
  }
}

class Pattern {
  readonly #whole: Matcher;
  readonly #onlyDirectories: boolean;
  /** Undefined: any directory may lead to a match. */
  readonly #parts: readonly (Matcher | 'any')[] | undefined;
  readonly #dot: boolean;

  constructor(given: string, picomatch: Picomatch, options: MatcherOptions) {
    const pattern = given.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
    this.#onlyDirectories = given.endsWith('/');
    this.#whole = picomatch(pattern, options);
    this.#dot = options.dot;
    this.#parts = partsOf(pattern)?.map((part) => (part === '**' ? 'any' : picomatch(part, options)));
  }

  matches(path: string, isDirectory: boolean): boolean {
    return (isDirectory || !this.#onlyDirectories) && this.#whole(path);
  }

  canMatchBelow(path: string): boolean {
    const parts = this.#parts;
    if (parts === undefined || path === '') return true;
    let places = this.#withNext(new Set([0]));
    for (const name of path.split('/')) places = this.#withNext(this.#after(places, name));
    return [...places].some((place) => place < parts.length);
  }

  /** The places behind `name`. */
  #after(places: ReadonlySet<number>, name: string): Set<number> {
    const next = new Set<number>();
    for (const place of places) {
      const part = this.#parts?.[place];
      if (part === 'any') {
        if (this.#dot || !name.startsWith('.')) next.add(place);
      } else if (part?.(name) === true) next.add(place + 1);
    }
    return next;
  }

  /** `**` stands for no directory too. */
  #withNext(places: Set<number>): Set<number> {
    for (const place of places) if (this.#parts?.[place] === 'any') places.add(place + 1);
    return places;
  }
}

/** The parts of a pattern between its slashes; undefined if a slash is within braces or brackets, or quoted, or a part has more than `**`. */
function partsOf(pattern: string): string[] | undefined {
  let depth = 0;
  for (const sign of pattern) {
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    else if ((sign === '/' && depth !== 0) || sign === '\\' || sign === '"') return undefined;
  }
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  return parts.some((part) => part !== '**' && part.includes('**')) ? undefined : parts;
}
