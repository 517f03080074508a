/**
 * Reads listings of classic Mac OS (NetPresenz, WebSTAR, Peter Lewis's servers), whose rows are like Unix's. A directory has the word
 * `folder` and the count of its entries. A file has the sizes of its two forks and their sum in place of links, owner and size.
 *
 * Behind a folder, any three numbers are forks and a sum.
 */
import { readSize } from '../size.js';
import { Columns } from './columns.js';
import type { ListingDialect } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import { HeldReader, type OpenRows } from './held-reader.js';
import { type Permissions, parsePermissions } from './permissions.js';
import type { ServerClock } from './server-clock.js';
import { timeOf, unixDateAt } from './unix-date.js';
import { UnixHabits } from './unix-habits.js';
import type { UnixRow } from './unix-row.js';

const MAX_WORDS = 10;

export const mac: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'mac',
  open: (clock: ServerClock) => new HeldReader(new MacRows(clock)),
});

/** Behind `folder 3`, and behind the sizes. */
const FOLDER_DATE_AT = 3;
const FILE_DATE_AT = 4;

class MacRows implements OpenRows {
  readonly #clock: ServerClock;
  readonly #columns = new Columns(MAX_WORDS);
  readonly #habits = new UnixHabits();
  #sawFolder = false;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  get isDecided(): boolean {
    return this.#habits.isDecided;
  }

  learn(line: string): boolean | undefined {
    const row = this.#locate(line);
    if (row === undefined) return undefined;
    if (row.at === FOLDER_DATE_AT) this.#sawFolder = true;
    return this.#habits.learn(this.#columns, row);
  }

  decide(): void {
    this.#habits.decide();
  }

  entry(line: string): FileEntry | undefined {
    const row = this.#locate(line);
    const permissions = parsePermissions(this.#columns.text(0));
    if (row?.date === undefined || permissions === undefined) return undefined;
    const end = this.#columns.end(row.at + row.words - 1);
    const name = line.slice(end + this.#habits.blanksBeforeName(this.#columns, row));
    if (name === '') return undefined;
    const { mode } = permissions;
    return {
      ...{ name, ...this.#contents(row, permissions), ...timeOf(row.date, this.#clock) },
      ...{ mode, dialect: 'mac', raw: line },
    };
  }

  #locate(line: string): UnixRow | undefined {
    const columns = this.#columns.split(line);
    const at = this.#dateColumn();
    if (at === undefined || parsePermissions(columns.text(0)) === undefined) return undefined;
    const date = unixDateAt(columns, at);
    return date === undefined ? undefined : { at, sized: true, date, words: date.words };
  }

  #dateColumn(): number | undefined {
    const columns = this.#columns;
    if (columns.text(1) === 'folder') return readSize(columns.text(2)) === undefined ? undefined : FOLDER_DATE_AT;
    const [resource, data, total] = [readSize(columns.text(1)), readSize(columns.text(2)), readSize(columns.text(3))];
    if (resource === undefined || data === undefined || total === undefined) return undefined;
    return this.#sawFolder || resource + data === total ? FILE_DATE_AT : undefined;
  }

  #contents({ at }: UnixRow, { kind }: Permissions): Pick<FileEntry, 'kind' | 'size'> {
    return at === FOLDER_DATE_AT
      ? { kind: 'directory', size: undefined }
      : { kind, size: readSize(this.#columns.text(3)) };
  }
}
