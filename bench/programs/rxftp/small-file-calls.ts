/** How many calls a small file takes: V8 counts each function that runs, whatever else the machine does. */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { concatMap, from, lastValueFrom } from 'rxjs';
import { collectBytes, type FtpClient } from '../../../lib/index.js';
import { pairOf, readTask, smallNames, type Task } from '../task.js';
import { clientFor } from './client.js';

/** Whose function it is. */
export interface Calls {
  readonly ours: number;
  readonly rxjs: number;
  readonly node: number;
  /** The calls of this library's own, by the module. */
  readonly modules: Readonly<Record<string, number>>;
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
const isOurs = (url: string): boolean => /\/lib\/[^/]*\.js$/.test(url);
const count = (isOf: (url: string) => boolean): number => {
  const functions = result.filter(({ url }) => isOf(url)).flatMap((script) => script.functions);
  const calls = functions.reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  return Math.round(calls / task.count);
};
const calls: Calls = {
  ours: count(isOurs),
  rxjs: count((url) => url.includes('/rxjs/')),
  node: count((url) => url.startsWith('node:')),
  modules: callsOfModules(),
};
console.log(JSON.stringify(calls));

/** One file after the other, with its bytes collected and nothing written. */
function fetchAll(client: FtpClient, { count: files }: Task): Promise<unknown> {
  const fetch$ = from(smallNames(files)).pipe(
    concatMap((name) => client.retr$(pairOf(task, name).remote).pipe(collectBytes())),
  );
  return lastValueFrom(fetch$);
}

/** The bundler names each module in a comment above its code. */
function callsOfModules(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { url, functions } of result.filter((script) => isOurs(script.url))) {
    const marks = [...readFileSync(fileURLToPath(url), 'utf8').matchAll(/^\/\/ (lib\/.*)$/gm)];
    for (const { ranges } of functions) {
      const { count: times = 0, startOffset = 0 } = ranges[0] ?? {};
      const [, module = '?'] = marks.findLast(({ index }) => index <= startOffset) ?? [];
      sums[module] = (sums[module] ?? 0) + times / task.count;
    }
  }
  return sums;
}
