/** Selects the paths of both trees that take part in a plan. A plan changes no other path. */
import { FtpUsageError } from '../../errors.js';
import { loadPicomatch, type Picomatch } from '../tree/patterns.js';
import { nameOf } from '../tree/tree-entry.js';

export interface SelectionOptions {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** The rules of a `.gitignore`. */
  readonly ignoreRules?: string | undefined;
}

type Test = (path: string, isDirectory: boolean) => boolean;

/** Says whether a path is ignored; that of a directory ends in `/`. */
type IgnoreMatcher = (path: string) => boolean;

/** The libraries, which are bundled, and loaded when there is something for them to match. */
export interface PatternLibraries {
  readonly picomatch?: Picomatch | undefined;
  readonly ignore?: ((rules: string) => IgnoreMatcher) | undefined;
}

/** Rejects with FtpUsageError for a value that is no pattern. */
export async function openSelection(options: SelectionOptions): Promise<Selection> {
  const { include, exclude, ignoreRules } = options;
  return new Selection(options, {
    picomatch: include === undefined && exclude === undefined ? undefined : await loadPicomatch(),
    ignore: ignoreRules === undefined ? undefined : await loadIgnore(),
  });
}

export async function loadIgnore(): Promise<(rules: string) => IgnoreMatcher> {
  const { default: ignore } = await import('ignore');
  return (rules) => {
    const matcher = ignore({ ignorecase: false, allowRelativePaths: true }).add(rules);
    return (path) => matcher.ignores(path);
  };
}

export class Selection {
  readonly #includes: Test | undefined;
  readonly #excludes: readonly Test[];

  /** Throws FtpUsageError for a value that is no pattern. */
  constructor({ include, exclude, ignoreRules }: SelectionOptions, { picomatch, ignore }: PatternLibraries) {
    this.#includes = include === undefined ? undefined : testOf('include', include, picomatch);
    const ignores = ignoreRules === undefined || ignore === undefined ? [] : [ignoreTest(ignore(ignoreRules))];
    this.#excludes = exclude === undefined ? ignores : [...ignores, testOf('exclude', exclude, picomatch)];
  }

  /** Whether every path takes part that is not excluded. */
  get includesAll(): boolean {
    return this.#includes === undefined;
  }

  /** Whether the path is left alone, with all that is below it. A path below one that is excluded need not be excluded itself. */
  excludes(path: string, isDirectory: boolean): boolean {
    return this.#excludes.some((test) => test(path, isDirectory));
  }

  /** Whether a pattern of `include` fits the path, or a directory above it. */
  includes(path: string, isDirectory: boolean): boolean {
    return this.#includes?.(path, isDirectory) ?? true;
  }
}

/** A pattern without a slash fits a name in any directory. A pattern that fits a directory fits all that is below it. */
function testOf(option: string, patterns: readonly string[], picomatch: Picomatch | undefined): Test {
  const isList = Array.isArray(patterns) && patterns.every((each) => typeof each === 'string' && each !== '');
  if (!isList)
    throw new FtpUsageError(`The option ${option} must be an array of patterns, such as ['*.html', 'img/**'].`);
  if (picomatch === undefined) throw new Error('picomatch is not loaded');
  const tests = patterns.map((pattern) => patternTest(option, pattern, picomatch));
  const fits: Test = (path, isDirectory) => tests.some((test) => test(path, isDirectory));
  return (path, isDirectory) => fits(path, isDirectory) || directoriesAbove(path).some((above) => fits(above, true));
}

function patternTest(option: string, pattern: string, picomatch: Picomatch): Test {
  const forDirectories = pattern.endsWith('/');
  const glob = forDirectories ? pattern.slice(0, -1) : pattern;
  if (/^!|^\/|(?:^|\/)\.\.?(?:\/|$)/.test(glob)) {
    throw new FtpUsageError(
      `The option ${option} takes patterns of paths below the root, as 'a/b/*.txt', not ${JSON.stringify(pattern)}.`,
    );
  }
  const match = picomatch(glob, { dot: true, nocase: false });
  const isName = !glob.includes('/');
  return (path, isDirectory) => (isDirectory || !forDirectories) && match(isName ? nameOf(path) : path);
}

function ignoreTest(matcher: IgnoreMatcher): Test {
  return (path, isDirectory) => matcher(isDirectory ? `${path}/` : path);
}

/** `a` and `a/b` of `a/b/c`. */
function directoriesAbove(path: string): string[] {
  const found: string[] = [];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) found.push(path.slice(0, end));
  return found;
}
