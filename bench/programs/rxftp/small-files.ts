/**
 * Many small files, one after the other on each session; another one waits, so that no session waits for the disk. The
 * clock starts when every session is there and has fetched a file.
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
  }, task.sessions + 1),
);
await report(() => lastValueFrom(fetch$));
