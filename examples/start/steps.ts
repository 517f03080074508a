/** The steps that the demonstration and a visit to the user's server share. Each shows what it does. */
import { catchError, lastValueFrom, type Observable, of, take, tap, throwError, toArray } from 'rxjs';
import { Features, type FileEntry, type FtpClient, FtpReplyError } from '../../lib/index.js';
import { type Screen, size } from './screen.js';
import type { Wire } from './wire.js';

/** The things that every step works with. */
export interface Stage {
  readonly ftp: FtpClient;
  readonly screen: Screen;
  readonly wire: Wire;
}

/** The number of shown entries of a listing. */
const SHOWN_ENTRIES = 12;
/** The number of chunks of a download before its cancel. */
const CHUNKS = 3;

/** A client logs in by itself when it is first asked for something. */
export async function logIn({ ftp, screen, wire }: Stage): Promise<void> {
  screen.heading('Log in');
  await wire.during(() => lastValueFrom(ftp.pwd$()));
  const features = await lastValueFrom(features$(ftp));
  screen.line(`The server says it can: ${features.names.join(', ') || '(nothing beyond RFC 959)'}`);
}

/** A server without FEAT is an old one, not a broken one. */
function features$(ftp: FtpClient): Observable<Features> {
  return ftp.feat$().pipe(
    catchError((error: unknown) => {
      const unknown = error instanceof FtpReplyError && error.command === 'FEAT';
      return unknown ? of(Features.none) : throwError(() => error);
    }),
  );
}

/** Entries come as typed values, one by one, by MLSD or LIST, on any server. */
export async function list({ ftp, screen }: Stage, path?: string): Promise<readonly FileEntry[]> {
  const where = await lastValueFrom(ftp.pwd$());
  screen.heading(`List ${path ?? where}`);
  const entries = await lastValueFrom(ftp.entries$(path).pipe(toArray()));
  for (const entry of entries.slice(0, SHOWN_ENTRIES)) screen.line(entryLine(entry));
  if (entries.length > SHOWN_ENTRIES) screen.line(`... and ${entries.length - SHOWN_ENTRIES} more`);
  if (entries.length === 0) screen.line('(nothing in it)');
  return entries;
}

function entryLine({ name, kind, modified, size: bytes }: FileEntry): string {
  const day = modified?.toISOString().slice(0, 10) ?? '';
  const length = kind === 'file' && bytes !== undefined ? size(bytes) : '';
  return `${kind.padEnd(9)} ${length.padStart(10)}  ${day.padEnd(10)}  ${name}`;
}

/** Leaves a download after a few chunks, and asks the same connection something else at once. */
export async function cancelAndProve(stage: Stage, path: string, total: number): Promise<void> {
  const { ftp, screen, wire } = stage;
  screen.heading(`Cancel a download of ${size(total)} after ${CHUNKS} chunks`);
  let bytes = 0;
  const fewChunks$ = ftp.retr$(path).pipe(
    tap((chunk) => {
      bytes += chunk.length;
    }),
    take(CHUNKS),
  );
  const answer = await wire.during(async () => {
    await lastValueFrom(fewChunks$, { defaultValue: undefined });
    screen.line(bytes < total ? `-- unsubscribed after ${size(bytes)}` : '-- the file was too small to be cut short');
    return await lastValueFrom(ftp.noop$());
  });
  screen.line(`The connection is in step: NOOP got its own answer, ${answer.code}, over the same connection`);
  screen.line(`(logins so far: ${wire.logins}).`);
}
