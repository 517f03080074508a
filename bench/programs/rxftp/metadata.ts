/** The sizes of many files, all asked for at once, on one session that is there already. */
import { count, from, lastValueFrom, mergeMap, tap } from 'rxjs';
import { mustBe, pairOf, readTask, report, smallNames } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await lastValueFrom(ftp.type$('I'));
const sizes$ = from(smallNames(task.count)).pipe(
  mergeMap((name) => ftp.size$(pairOf(task, name).remote)),
  tap((size) => mustBe(task.bytes, size)),
);
await report(async () => mustBe(task.count, await lastValueFrom(sizes$.pipe(count()))), task.count);
