/** A line for each transfer of a client, for a log. */
import { mergeMap, type Observable, of } from 'rxjs';
import type { FtpClient, FtpEvent } from '../../lib/index.js';
import { printable } from '../../lib/protocol/index.js';

type Started = Extract<FtpEvent, { readonly type: 'transfer-started' }>;
type Ended = Extract<FtpEvent, { readonly type: 'transfer-ended' }>;

/** Emits a line when a transfer has ended; completes when the client is closed. */
export function transferLines$({ events$ }: Pick<FtpClient, 'events$'>): Observable<string> {
  const running = new Map<number, Started>();
  return events$.pipe(
    mergeMap((event) => {
      if (event.type === 'transfer-started') running.set(event.id, event);
      if (event.type !== 'transfer-ended') return [];
      const started = running.get(event.id);
      running.delete(event.id);
      return started === undefined ? [] : of(line(started, event));
    }),
  );
}

function line(started: Started, { at, session, bytes, ms, end, verifiedBy }: Ended): string {
  const { direction, path, total } = started;
  const size = total === undefined ? `${bytes} bytes` : `${bytes} of ${total} bytes`;
  const proof = verifiedBy === undefined ? '' : `, verified by ${verifiedBy}`;
  const time = new Date(at).toISOString();
  // Names that a server has given may have control characters; a listing of the session's own directory has no path.
  const what = path === '' ? direction : `${direction} ${printable(path)}`;
  return `${time} session ${session}: ${what}: ${size} in ${Math.round(ms)} ms, ${end}${proof}`;
}
