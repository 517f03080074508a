/**
 * Metadata of all kinds, subscribed all at once, on one session that is there already. Only what needs an order has one: a
 * directory is removed when it has been made, a file when it has been asked about. Each subscriber checks its own answer.
 */
import {
  catchError,
  concat,
  count,
  EMPTY,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  range,
  throwError,
} from 'rxjs';
import { FtpReplyError } from '../../../lib/index.js';
import { type MixedFile, mixedCommands, mixedFile } from '../mixed-work.js';
import { mustBe, readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await lastValueFrom(ftp.type$('I'));
const work$ = range(0, task.count).pipe(
  map((index) => mixedFile(index, task.bytes)),
  mergeMap((work) => merge(ofFile$(work), ofDirectory$(work), ofMissing$(work))),
);
const commands = task.count * mixedCommands(task);
await report(async () => mustBe(commands, await lastValueFrom(work$.pipe(count()))), commands);

function ofFile$({ file, bytes, modified, deleted, mode }: MixedFile): Observable<void> {
  const path = pathOf(file);
  const known$ = merge(
    checked$(ftp.size$(path), (size) => mustBe(bytes, size)),
    checked$(ftp.mdtm$(path), (time) => mustBe(modified.toISOString(), time.toISOString())),
    task.mlst === true ? checked$(ftp.mlst$(path), (entry) => mustBe(file, nameOf(entry.name))) : EMPTY,
  );
  const end$ = deleted
    ? checked$(ftp.dele$(path), ({ code }) => mustBe(250, code))
    : checked$(ftp.chmod$(path, mode), ({ code }) => mustBe(200, code));
  return concat(known$, end$);
}

function ofDirectory$({ directory }: MixedFile): Observable<void> {
  const path = pathOf(directory);
  return concat(
    checked$(ftp.mkd$(path), (made) => mustBe(directory, nameOf(made))),
    checked$(ftp.rmd$(path), ({ code }) => mustBe(250, code)),
  );
}

/** Refused, in the name of its own command; a server that names the file names this one. */
function ofMissing$({ missing, missingVerb }: MixedFile): Observable<void> {
  const path = pathOf(missing);
  const asked$: Observable<unknown> = {
    SIZE: () => ftp.size$(path),
    MDTM: () => ftp.mdtm$(path),
    DELE: () => ftp.dele$(path),
    RMD: () => ftp.rmd$(path),
  }[missingVerb]();
  return asked$.pipe(
    map(() => {
      throw new Error(`${missingVerb} ${path} was not refused`);
    }),
    catchError((error: unknown) => {
      if (!(error instanceof FtpReplyError && error.reply.code === 550)) return throwError(() => error);
      mustBe(`${missingVerb} ${path}`, error.command ?? '');
      mustBe(missing, /missing\d+/.exec(error.reply.text)?.[0] ?? missing);
      return of(undefined);
    }),
  );
}

function checked$<T>(answer$: Observable<T>, check: (answer: T) => void): Observable<void> {
  return answer$.pipe(map(check));
}

function pathOf(name: string): string {
  return `${task.remote}/${name}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
