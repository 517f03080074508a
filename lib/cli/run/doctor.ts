import { EMPTY, type Observable } from 'rxjs';
import type { Context } from '../session/context.js';
export function run(_context: Context): Observable<unknown> {
  return EMPTY;
}
