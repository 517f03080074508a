/**
 * Makes the tree of a test server a Map, from absolute paths to files. The server and the test read and write the same Map.
 *
 * A directory exists if a file is beneath it. An empty one has its own key, which ends in `/`. A directory stays when its last file goes,
 * as on a disk.
 */
import { FtpUsageError } from '../errors.js';
import { DirectoryIndex } from './directory-index.js';
import { parentOf, prefixOf, resolvePath } from './paths.js';
import { type TestContent, TestFile } from './test-file.js';

/** The kind of thing that a path leads to. */
export type Kind = 'file' | 'directory';

/**
 * The files of a test server by their absolute path, live. An upload appears here while it runs, and the server serves a file that is set
 * here.
 *
 * A key that ends in `/` is a directory. MKD has made it, its last file has gone, or the test has set it with the value `''`. `/` is no
 * key.
 */
export class TestFiles extends Map<string, TestFile> {
  readonly #index = new DirectoryIndex();

  override get(path: string): TestFile | undefined {
    return super.get(keyOf(path));
  }

  override has(path: string): boolean {
    return super.has(keyOf(path));
  }

  /**
   * Puts a file there: a string (UTF-8), bytes, `{ bytes, modified, mode }`, or `{ size, read }`. A path that ends in `/` is
   * a directory, whose content is `''`. Throws an FtpUsageError if a file and a directory would have the same name.
   */
  override set(path: string, content: TestContent): this {
    const key = keyOf(path);
    const file = TestFile.of(key, content);
    if (key.endsWith('/') && file.size > 0) throw new FtpUsageError(`A directory such as ${key} has the content ''`);
    this.#refuseClash(key);
    return key === '/' ? this : this.#put(key, file);
  }

  /** Takes a file away, or the own key of a directory. The directory that it was in stays. */
  override delete(path: string): boolean {
    const key = keyOf(path);
    if (!this.#take(key)) return false;
    this.#keep(parentOf(resolvePath('/', key)));
    return true;
  }

  /** As that of every Map, which the declarations show already. @internal */
  override clear(): void {
    super.clear();
    this.#index.clear();
  }

  /** The kind of thing at `path`; undefined if there is nothing. @internal */
  kind(path: string): Kind | undefined {
    if (path === '/' || this.#index.isDirectory(path)) return 'directory';
    return super.has(path) ? 'file' : undefined;
  }

  /** The names in a directory, each with its kind. @internal */
  *namesIn(directory: string): Generator<readonly [name: string, kind: Kind], void, undefined> {
    const prefix = prefixOf(directory);
    // A listing may take its time, and changes meanwhile must not lead it in circles.
    for (const name of [...this.#index.namesIn(directory)])
      yield [name, this.#index.isDirectory(prefix + name) ? 'directory' : 'file'];
  }

  /** Whether a directory has nothing in it. @internal */
  isEmpty(directory: string): boolean {
    return this.#index.namesIn(directory).size === 0;
  }

  /** The entry of a file, or the own entry of a directory. @internal */
  entry(path: string): TestFile | undefined {
    return super.get(path) ?? super.get(prefixOf(path));
  }

  /** Gives a file, or a directory, another time or mode. @internal */
  change(path: string, attributes: { readonly modified?: Date; readonly mode?: number }): void {
    const isDirectory = this.kind(path) === 'directory';
    const file = this.entry(path) ?? TestFile.of(path, '');
    this.#put(isDirectory ? prefixOf(path) : path, file.with(attributes));
  }

  /** Puts `file` in the place of the one at `path`, and shares its bytes with the caller. @internal */
  replace(path: string, file: TestFile): void {
    this.#put(path, file);
  }

  /** Moves a file, or a directory with all beneath it; a file at the new place is replaced. @internal */
  move(from: string, to: string): void {
    const keys = this.kind(from) === 'directory' ? [...this.#index.keysOf(from)] : [from];
    const moved = keys.map((key) => [key, super.get(key)] as const);
    for (const key of keys) this.#take(key);
    this.#keep(parentOf(from));
    for (const [key, file] of moved) if (file !== undefined) this.#put(to + key.slice(from.length), file);
  }

  /** A directory that may have lost its last file. */
  #keep(directory: string): void {
    if (this.kind(directory) === undefined) this.#put(prefixOf(directory), TestFile.of(directory, ''));
  }

  #put(key: string, file: TestFile): this {
    if (!super.has(key)) this.#index.add(key);
    return super.set(key, file);
  }

  #take(key: string): boolean {
    const isGone = super.delete(key);
    if (isGone) this.#index.remove(key);
    return isGone;
  }

  #refuseClash(key: string): void {
    const path = resolvePath('/', key);
    if (!key.endsWith('/') && this.kind(path) === 'directory') throw new FtpUsageError(`${path} is a directory`);
    for (let above = key.endsWith('/') ? path : parentOf(path); above !== '/'; above = parentOf(above)) {
      if (super.has(above)) throw new FtpUsageError(`${above} is a file, so that ${key} cannot be there`);
    }
  }
}

function keyOf(path: string): string {
  if (typeof path !== 'string' || path === '')
    throw new FtpUsageError('The path of a file must be a string such as /in/a.csv');
  if (/[\r\n\0]/.test(path))
    throw new FtpUsageError('The path of a file holds a CR, LF or NUL, which no FTP command can name');
  const absolute = resolvePath('/', path);
  return path.endsWith('/') ? prefixOf(absolute) : absolute;
}
