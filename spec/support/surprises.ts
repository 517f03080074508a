/** The events that tell of a server's habits, without those of the sessions' life. */
import { filter, type Observable } from 'rxjs';
import type { FtpEvent } from '../../lib/index.js';

const SURPRISES: ReadonlySet<string> = new Set(['skipped', 'fallback', 'limit']);

export function surprisesOf(events$: Observable<FtpEvent>): Observable<FtpEvent> {
  return events$.pipe(filter(({ type }) => SURPRISES.has(type)));
}
