/**
 * Reads listings of z/OS outside its Unix file system: data sets, members of a library, and jobs. Each has a heading, which identifies the
 * rows; only jobs at JES interface level 1 have none. The dialect `unix` reads a Unix listing of the same server.
 */
import type { DialectReader, ListingDialect, Reading } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import type { ServerClock } from './server-clock.js';
import { datasetOf } from './zos-datasets.js';
import { JobReader } from './zos-jobs.js';
import { memberOf, moduleOf } from './zos-members.js';

export const zos: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'zos',
  open: (clock: ServerClock) => new ZosReader(clock),
});

type ReadRow = (line: string, clock: ServerClock) => FileEntry | 'ignored' | undefined;

const HEADINGS: readonly (readonly [RegExp, ReadRow])[] = [
  [/^ ?Volume +Unit +Referred\b.*\bDsname/i, datasetOf],
  [/^ ?Name +VV\.MM +Created +Changed/i, memberOf],
  [/^ ?Name +Size +TTR +Alias-of\b/i, moduleOf],
];
/** No row is longer. */
const MAX_LENGTH = 512;

class ZosReader implements DialectReader {
  readonly #clock: ServerClock;
  readonly #jobs = new JobReader();
  #readRow: ReadRow | undefined;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  read(line: string): Reading {
    if (line.length > MAX_LENGTH) return undefined;
    const heading = HEADINGS.find(([pattern]) => pattern.test(line));
    if (heading !== undefined) {
      this.#readRow = heading[1];
      return 'ignored';
    }
    return this.#readRow === undefined ? this.#jobs.read(line) : this.#readRow(line, this.#clock);
  }
}
