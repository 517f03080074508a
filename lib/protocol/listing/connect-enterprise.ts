/**
 * Reads listings of Sterling Connect:Enterprise: batches of a mailbox. A row has flags and the protocol in one word, then format, mailbox,
 * size, batch number, date, and the batch's name.
 */
import { Columns } from './columns.js';
import type { ListingDialect } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import type { ServerClock } from './server-clock.js';
import { exactSize } from './size-column.js';
import { timeOf, unixDateAt } from './unix-date.js';

/** `-C--E-----FTP B`, with or without a blank before the protocol, which may be `AS2` too. */
const FLAGS = /^[-A-Z]{10} ?[A-Z][A-Z\d]{1,4} +[A-Z] +/;
const MAX_WORDS = 8;
const [OWNER, SIZE, DATE] = [0, 1, 3];

export const connectEnterprise: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'connect-enterprise',
  open(clock: ServerClock) {
    const columns = new Columns(MAX_WORDS);
    return { read: (line: string) => read(line, columns, clock) };
  },
});

function read(line: string, columns: Columns, clock: ServerClock): FileEntry | undefined {
  const flags = FLAGS.exec(line);
  if (flags === null) return undefined;
  columns.split(line.slice(flags[0].length));
  const date = unixDateAt(columns, DATE);
  const size = exactSize(columns.text(SIZE));
  if (date === undefined || size === undefined || exactSize(columns.text(SIZE + 1)) === undefined) return undefined;
  const name = columns.rest(DATE + date.words - 1);
  if (name === '') return undefined;
  const owner = columns.text(OWNER);
  return { name, kind: 'file', size, ...timeOf(date, clock), owner, dialect: 'connect-enterprise', raw: line };
}
