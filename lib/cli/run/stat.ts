/** `rxftp stat` prints the facts that the server tells about one file or directory. */
import { type Observable, tap, throwIfEmpty } from 'rxjs';
import type { FileEntry } from '../../index.js';
import { columns } from '../screen/columns.js';
import { entryValue, modeText, sizeText, timeText } from '../screen/entry-view.js';
import type { Output } from '../screen/output.js';
import { notFound } from '../session/command-error.js';
import type { Context } from '../session/context.js';
import { trimmed } from '../session/target.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output } = context;
  return eachPlace(context, ({ ftp, path }) =>
    ftp.lookup$(trimmed(path)).pipe(
      throwIfEmpty(() => notFound(path)),
      tap((entry) => output.result(entryValue(entry, trimmed(path)), details(entry, path, output))),
    ),
  );
}

function details(entry: FileEntry, path: string, output: Output): string {
  const { kind, size, mode, owner, group, target } = entry;
  const rows: [string, string | undefined][] = [
    ['path', output.safe(path === '' ? '.' : path)],
    ['kind', kind],
    ['size', size === undefined ? undefined : `${size} bytes (${sizeText(size)})`],
    ['modified', entry.modified === undefined ? undefined : `${timeText(entry)}${entry.zoneKnown ? ' UTC' : ''}`],
    ['mode', mode === undefined ? undefined : modeText(mode)],
    ['owner', owner === undefined ? undefined : output.safe([owner, group].filter(Boolean).join(':'))],
    ['target', target === undefined ? undefined : output.safe(target)],
  ];
  return columns(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
