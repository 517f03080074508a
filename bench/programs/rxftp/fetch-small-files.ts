/**
 * Many small files, one after the other on each session; another one waits for each, so that no session waits for the
 * disk, and each can ask for the next port early. The clock starts when every session has had time to open.
 */
import { from, lastValueFrom, mergeMap, type OperatorFunction, range } from 'rxjs';
import { collectBytes } from '../../../lib/index.js';
import { pairOf, readTask, reportWarm, smallNames } from '../task.js';
import { clientFor } from './client.js';

/** `written` writes the bytes of a file to a path here. */
export async function fetchSmallFiles(written: (path: string) => OperatorFunction<Uint8Array, unknown>): Promise<void> {
  const task = readTask();
  await using ftp = clientFor(task);
  const first = pairOf(task, 'f0000').remote;
  await lastValueFrom(range(0, task.sessions).pipe(mergeMap(() => ftp.retr$(first).pipe(collectBytes()))));
  const fetch$ = from(smallNames(task.count)).pipe(
    mergeMap((name) => {
      const { remote, local } = pairOf(task, name);
      return ftp.retr$(remote).pipe(collectBytes(), written(local));
    }, 2 * task.sessions),
  );
  await reportWarm(task, () => lastValueFrom(fetch$));
}
