/** `rxftp ls` prints the entries of directories; a file is its own entry. */
import { bufferCount, catchError, type Observable, tap, throwError, throwIfEmpty } from 'rxjs';
import { type FileEntry, FtpReplyError } from '../../index.js';
import { columns } from '../screen/columns.js';
import { entryRow, entryValue, joined, RIGHT_COLUMNS } from '../screen/entry-view.js';
import type { Context, Place } from '../session/context.js';
import { trimmed } from '../session/target.js';
import { eachPlace } from './each-place.js';

/** So many rows share the widths of their columns; the rest of a large directory need not wait in memory. */
const ROWS_AT_ONCE = 1000;

export function run(context: Context): Observable<unknown> {
  return eachPlace(context, (place) => list$(context, place));
}

function list$({ output, options }: Context, { ftp, path }: Place): Observable<unknown> {
  const all = options.all === true;
  const entries$: Observable<FileEntry> = ftp.entries$(path === '' ? undefined : path, { hidden: all });
  const shown$ = entries$.pipe(catchError((error: unknown) => ownEntry$({ ftp, path }, error)));
  if (output.json) {
    return shown$.pipe(tap((entry) => output.result(entryValue(entry, pathOf(path, entry)), '')));
  }
  return shown$.pipe(
    bufferCount(ROWS_AT_ONCE),
    tap((entries) =>
      output.write(
        `${columns(
          entries.map((entry) => entryRow(entry, output)),
          RIGHT_COLUMNS,
        )}\n`,
      ),
    ),
  );
}

/** A refused listing may be that of a file. Otherwise its error stands. */
function ownEntry$({ ftp, path }: Place, error: unknown): Observable<FileEntry> {
  if (!(error instanceof FtpReplyError) || path === '' || path.endsWith('/')) return throwError(() => error);
  return ftp.lookup$(path).pipe(
    catchError(() => throwError(() => error)),
    throwIfEmpty(() => error),
  );
}

function pathOf(path: string, { name }: FileEntry): string {
  return trimmed(path).split('/').at(-1) === name ? trimmed(path) : joined(path, name);
}
