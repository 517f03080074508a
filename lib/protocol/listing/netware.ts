/**
 * Reads rows of NetWare: `d [RWCEAFMS] owner size Nov 20 11:05 name`. The rights are NetWare's, not Unix modes.
 *
 * Older servers print several blanks before the date, and four behind it.
 */
import { Columns } from './columns.js';
import type { ListingDialect } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import type { ServerClock } from './server-clock.js';
import { exactSize } from './size-column.js';
import { timeOf } from './unix-date.js';
import { gapAfter, sizedRow } from './unix-row.js';

const RIGHTS = /^([-d]) ?\[[-RWCEAFMSN ]{1,9}\] /;
const MAX_WORDS = 14;

export const netware: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'netware',
  open(clock: ServerClock) {
    const columns = new Columns(MAX_WORDS);
    return { read: (line: string) => read(line, columns, clock) };
  },
});

/** Behind an owner and a size at least. */
const DATE_AT = 2;
const OLDER_GAP = 4;

function read(line: string, columns: Columns, clock: ServerClock): FileEntry | undefined {
  const rights = RIGHTS.exec(line);
  if (rights === null) return undefined;
  // The rights may have blanks in them: the columns begin behind them.
  columns.split(line.slice(rights[0].length));
  const row = sizedRow(columns, DATE_AT, undefined);
  if (row?.date === undefined) return undefined;
  const gap = gapAfter(columns, row);
  if (gap === 0) return undefined;
  const isOlder = columns.start(row.at) - columns.end(row.at - 1) > 1;
  const name = columns.line.slice(columns.end(row.at + row.words - 1) + (isOlder ? Math.min(gap, OLDER_GAP) : 1));
  if (name === '') return undefined;
  return {
    name,
    kind: rights[1] === 'd' ? 'directory' : 'file',
    size: exactSize(columns.text(row.at - 1)),
    ...timeOf(row.date, clock),
    owner: columns.between(0, row.at - 1),
    dialect: 'netware',
    raw: line,
  };
}
