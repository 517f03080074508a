/** A tree of the arguments: a URL, or a local directory. */
import { map, type Observable, of } from 'rxjs';
import { local, type Place, remote } from '../../recipes/index.js';
import type { Context } from '../session/context.js';

export function anyPlace$({ place$ }: Context, argument: string): Observable<Place> {
  // A name with a colon may be a local one: `C:\site`.
  if (!/^\w+:\/\//.test(argument)) return of(local(argument));
  return place$(argument).pipe(map(({ ftp, path }) => remote(ftp, path)));
}
