/** Does work on the URL that is the first argument. */
import { concatMap, type Observable } from 'rxjs';
import type { Context, Place } from '../session/context.js';

export function firstPlace(context: Context, work: (place: Place) => Observable<unknown>): Observable<unknown> {
  return context.place$(context.args[0] ?? '').pipe(concatMap((place) => work(place)));
}
