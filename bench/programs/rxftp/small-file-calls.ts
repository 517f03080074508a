/** How many calls a small file takes: V8 counts each function that runs, whatever else the machine does. */
import { Session } from 'node:inspector/promises';
import { concatMap, from, lastValueFrom } from 'rxjs';
import { collectBytes, type FtpClient } from '../../../lib/index.js';
import { pairOf, readTask, smallNames, type Task } from '../task.js';
import { clientFor } from './client.js';

/** Whose function it is. */
export interface Calls {
  readonly ours: number;
  readonly rxjs: number;
  readonly node: number;
}

const task = readTask();
await using ftp = clientFor(task);
await fetchAll(ftp, task);
const inspector = new Session();
inspector.connect();
await inspector.post('Profiler.enable');
await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
await fetchAll(ftp, task);
const { result } = await inspector.post('Profiler.takePreciseCoverage');
inspector.disconnect();
const count = (isOf: (url: string) => boolean): number => {
  const functions = result.filter(({ url }) => isOf(url)).flatMap((script) => script.functions);
  const calls = functions.reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  return Math.round(calls / task.count);
};
const calls: Calls = {
  ours: count((url) => /\/lib\/[^/]*\.js$/.test(url)),
  rxjs: count((url) => url.includes('/rxjs/')),
  node: count((url) => url.startsWith('node:')),
};
console.log(JSON.stringify(calls));

/** One file after the other, with its bytes collected and nothing written. */
function fetchAll(client: FtpClient, { count: files }: Task): Promise<unknown> {
  const fetch$ = from(smallNames(files)).pipe(
    concatMap((name) => client.retr$(pairOf(task, name).remote).pipe(collectBytes())),
  );
  return lastValueFrom(fetch$);
}
