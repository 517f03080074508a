/** Which paths of both trees take part in a plan. Nothing is done to any other. */
import ignore from 'ignore';
import picomatch from 'picomatch';
import { FtpUsageError } from '../../errors.js';

export interface SelectionOptions {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** The rules of a `.gitignore`. */
  readonly ignoreRules?: string | undefined;
}

type Test = (path: string, isDirectory: boolean) => boolean;

export class Selection {
  readonly #includes: Test | undefined;
  readonly #excludes: readonly Test[];

  /** Throws FtpUsageError for what is no pattern. */
  constructor({ include, exclude, ignoreRules }: SelectionOptions) {
    this.#includes = include === undefined ? undefined : testOf('include', include);
    const ignores = ignoreRules === undefined ? [] : [ignoreTest(ignoreRules)];
    this.#excludes = exclude === undefined ? ignores : [...ignores, testOf('exclude', exclude)];
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
function testOf(option: string, patterns: readonly string[]): Test {
  const isList = Array.isArray(patterns) && patterns.every((each) => typeof each === 'string' && each !== '');
  if (!isList)
    throw new FtpUsageError(`The option ${option} must be an array of patterns, such as ['*.html', 'img/**'].`);
  const tests = patterns.map((pattern) => patternTest(option, pattern));
  const fits: Test = (path, isDirectory) => tests.some((test) => test(path, isDirectory));
  return (path, isDirectory) => fits(path, isDirectory) || directoriesAbove(path).some((above) => fits(above, true));
}

function patternTest(option: string, pattern: string): Test {
  const forDirectories = pattern.endsWith('/');
  const glob = forDirectories ? pattern.slice(0, -1) : pattern;
  if (/^!|^\/|(?:^|\/)\.\.?(?:\/|$)/.test(glob)) {
    throw new FtpUsageError(
      `The option ${option} takes patterns of paths below the root, as 'a/b/*.txt', not ${JSON.stringify(pattern)}.`,
    );
  }
  const match = matcherOf(option, glob);
  return (path, isDirectory) => (isDirectory || !forDirectories) && match(path);
}

function matcherOf(option: string, glob: string): (path: string) => boolean {
  try {
    // Paths of trees have slashes on Windows too.
    return picomatch(glob, { dot: true, basename: !glob.includes('/'), strictBrackets: true, windows: false });
  } catch (error) {
    throw new FtpUsageError(
      `The option ${option} has the pattern ${JSON.stringify(glob)}: ${(error as Error).message}.`,
    );
  }
}

function ignoreTest(rules: string): Test {
  const matcher = ignore({ ignorecase: false, allowRelativePaths: true }).add(rules);
  return (path, isDirectory) => matcher.ignores(isDirectory ? `${path}/` : path);
}

/** `a` and `a/b` of `a/b/c`. */
function directoriesAbove(path: string): string[] {
  const found: string[] = [];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) found.push(path.slice(0, end));
  return found;
}
