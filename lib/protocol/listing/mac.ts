/**
 * Servers of classic Mac OS (NetPresenz, WebSTAR, Peter Lewis's): rows like Unix's, but a directory has the word `folder` and
 * the count of what is in it, and a file the sizes of its two forks and their sum in place of links, owner and size.
 */

import { readSize } from '../size.js';
import { Columns } from './columns.js';
import type { ListingDialect } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import { type Permissions, parsePermissions } from './permissions.js';
import type { ServerClock } from './server-clock.js';
import { timeOf, unixDateAt } from './unix-date.js';

const MAX_WORDS = 10;

export const mac: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'mac',
  open(clock: ServerClock) {
    const columns = new Columns(MAX_WORDS);
    return { read: (line: string) => read(columns.split(line), clock) };
  },
});

function read(columns: Columns, clock: ServerClock): FileEntry | undefined {
  const dateAt = dateColumn(columns);
  const permissions = dateAt === undefined ? undefined : parsePermissions(columns.text(0));
  const date = dateAt === undefined ? undefined : unixDateAt(columns, dateAt);
  if (dateAt === undefined || permissions === undefined || date === undefined) return undefined;
  const name = columns.rest(dateAt + date.words - 1);
  if (name === '') return undefined;
  const { kind, size } = contents(columns, permissions);
  const mode = permissions.mode;
  return { name, kind, size, ...timeOf(date, clock), mode, dialect: 'mac', raw: columns.line };
}

/** Behind `folder 3`, or behind two sizes and their sum. */
function dateColumn(columns: Columns): number | undefined {
  if (columns.text(1) === 'folder') return readSize(columns.text(2)) === undefined ? undefined : 3;
  const [resource, data, total] = [readSize(columns.text(1)), readSize(columns.text(2)), readSize(columns.text(3))];
  if (resource === undefined || data === undefined || total === undefined) return undefined;
  return resource + data === total ? 4 : undefined;
}

function contents(columns: Columns, permissions: Permissions): Pick<FileEntry, 'kind' | 'size'> {
  if (columns.text(1) === 'folder') return { kind: 'directory', size: undefined };
  return { kind: permissions.kind, size: readSize(columns.text(3)) };
}
