/** Opens a tree of the arguments: a URL, or a local directory. */
import { map, type Observable, of } from 'rxjs';
import { local, type Place, remote } from '../../recipes/index.js';
import type { Context } from '../session/context.js';

/** A name with a colon may be a local one: `C:\site`. */
export function isUrl(argument: string): boolean {
  return /^\w+:\/\//.test(argument);
}

export function anyPlace$({ place$ }: Context, argument: string): Observable<Place> {
  if (!isUrl(argument)) return of(local(argument));
  return place$(argument).pipe(map(({ ftp, path }) => remote(ftp, path)));
}
