/**
 * Many small files, one after the other on each session; another one waits for each, so that no session waits for the
 * disk, and each can ask for the next port early. The clock starts when every session has had time to open.
 */
import { writeFile } from 'node:fs/promises';
import { from, lastValueFrom, mergeMap, range } from 'rxjs';
import { collectBytes } from '../../../lib/index.js';
import { pairOf, readTask, report, smallNames } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
const names = smallNames(task.count);
const first = pairOf(task, 'f0000').remote;
await lastValueFrom(range(0, task.sessions).pipe(mergeMap(() => ftp.retr$(first).pipe(collectBytes()))));
const fetch$ = from(names).pipe(
  mergeMap((name) => {
    const { remote, local } = pairOf(task, name);
    return ftp.retr$(remote).pipe(
      collectBytes(),
      mergeMap((bytes) => writeFile(local, bytes)),
    );
  }, 2 * task.sessions),
);
await report(() => lastValueFrom(fetch$));
