/** Does the same work for each URL of the arguments, one after the other; the first failure ends it. */
import { concatMap, from, type Observable } from 'rxjs';
import type { Context, Place } from '../session/context.js';

export function eachPlace(
  { args, place$ }: Context,
  work: (place: Place, url: string) => Observable<unknown>,
): Observable<unknown> {
  return from(args).pipe(concatMap((url) => place$(url).pipe(concatMap((place) => work(place, url)))));
}
