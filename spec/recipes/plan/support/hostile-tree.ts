/**
 * A tree on a server whose directories list hostile names between two good ones, in one format of listings; with what has to become
 * of it, by the rules of a disk.
 */
import { lastValueFrom, of, toArray } from 'rxjs';
import { type FileEntry, listing } from '../../../../lib/index.js';
import { type NameRules, remoteNames } from '../../../../lib/recipes/tree/names.js';
import { FORMATS, HOSTILE, type ListingFormat } from '../../tree/support/hostile-listings.js';
import type { Listings } from '../../tree/support/listing-server.js';

/** A directory of the tree: good names, and hostile ones that its format can tell. */
interface HostileDirectory {
  readonly name: string;
  readonly rows: readonly string[];
  readonly entries: readonly FileEntry[];
}

export class HostileTree {
  readonly #format: ListingFormat;
  readonly #directories: readonly HostileDirectory[];
  /** One row of it is not understood. */
  readonly #incomplete: readonly string[];

  private constructor(format: ListingFormat, directories: readonly HostileDirectory[], incomplete: readonly string[]) {
    this.#format = format;
    this.#directories = directories;
    this.#incomplete = incomplete;
  }

  static async of(format: ListingFormat): Promise<HostileTree> {
    const { row, directory } = format;
    const rows = HOSTILE.flatMap((name) => (directory === undefined ? [row(name)] : [row(name), directory(name)]));
    const incomplete: string[] = [];
    const directories: { name: string; rows: string[]; entries: FileEntry[] }[] = [];
    for (const each of rows) {
      const told = await entriesOf(format, each);
      // Two names that are read as one would be two entries of one name, which is a fault of its own.
      const isFree = ({ entries }: HostileDirectory): boolean =>
        entries.every(({ name }) => told?.every((entry) => entry.name !== name));
      const free = directories.find(isFree);
      if (told === undefined) incomplete.push(each);
      else if (free === undefined)
        directories.push({ name: `D${directories.length}`, rows: [each], entries: [...told] });
      else {
        free.rows.push(each);
        free.entries.push(...told);
      }
    }
    return new HostileTree(format, directories, incomplete);
  }

  /** How many of the rows are told as names. */
  get told(): number {
    return this.#directories.flatMap(({ entries }) => entries).length;
  }

  /** What the server lists. */
  get listings(): Listings {
    const { heading = [] } = this.#format;
    const top = directoriesOf(this.#format);
    const names = [...this.#directories.map(({ name }) => name), 'Q0'];
    const below = this.#directories.flatMap(({ name, entries }) =>
      entries
        .filter((entry) => entry.kind === 'directory' && remoteNames(entry.name) === undefined)
        .map((entry) => [`/top/${name}/${entry.name}`, heading] as const),
    );
    return {
      '/': [...top.heading, top.directory('top')],
      '/top': [...top.heading, ...names.map(top.directory)],
      '/top/Q0': this.#between(this.#incomplete),
      ...Object.fromEntries(this.#directories.map(({ name, rows }) => [`/top/${name}`, this.#between(rows)])),
      ...Object.fromEntries(below),
    };
  }

  /** What has to be below the local root afterwards; a directory ends with a slash. */
  localPaths(rules: NameRules): string[] {
    // What may be a directory is not copied.
    const files = this.#format.tellsNoKinds === true ? [] : this.#good;
    const paths = this.#directories.flatMap(({ name, entries }) => [
      ...['', ...files].map((path) => `${name}/${path}`),
      ...entries
        .filter((entry) => entry.kind !== 'other' && isGood(entry, rules))
        .map((entry) => `${name}/${entry.name}${entry.kind === 'directory' ? '/' : ''}`),
    ]);
    return paths.toSorted();
  }

  /** The paths of the steps that have to fail. */
  failures(rules: NameRules): string[] {
    const paths = this.#directories.flatMap(({ name, entries }) =>
      entries
        .filter((entry) => !isGood(entry, entry.kind === 'other' ? remoteNames : rules))
        .map((entry) => `${name}/${entry.name}`),
    );
    return [...paths, 'Q0'].toSorted();
  }

  get #good(): string[] {
    const { suffix = '' } = this.#format;
    return [`B${suffix}`, `Z${suffix}`];
  }

  #between(rows: readonly string[]): string[] {
    const { heading = [], row } = this.#format;
    const [first = '', last = ''] = this.#good;
    return [...heading, row(first), ...rows, row(last)];
  }
}

function isGood({ name }: FileEntry, rules: NameRules): boolean {
  return remoteNames(name) === undefined && rules(name) === undefined;
}

/** A format of files alone has its directories in the rows of another one. */
function directoriesOf(format: ListingFormat): { heading: readonly string[]; directory(name: string): string } {
  const { heading = [], directory } = format;
  if (directory !== undefined) return { heading, directory };
  const { directory: other = String } = FORMATS.find(({ name }) => name === 'ls -l') ?? {};
  return { heading: [], directory: other };
}

/** What a row is told as: nothing for one that is passed over, as that of `..`; undefined for one that is not understood. */
async function entriesOf(format: ListingFormat, line: string): Promise<readonly FileEntry[] | undefined> {
  const { verb, heading = [], row, suffix = '' } = format;
  const lines = [...heading, row(`B${suffix}`), line, row(`Z${suffix}`)];
  const bytes$ = of(Buffer.from(lines.map((each) => `${each}\r\n`).join('')));
  const entries$ = bytes$.pipe(listing(verb === 'MLSD' ? { dialect: 'mlsx' } : {}), toArray());
  const entries = await lastValueFrom(entries$).catch(() => undefined);
  return entries?.slice(1, -1);
}
