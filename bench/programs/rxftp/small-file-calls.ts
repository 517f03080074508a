/** How many calls a small file takes: V8 counts each function that runs, whatever else the machine does. */
import { existsSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { SourceMap } from 'node:module';
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
const isOurs = (url: string): boolean => /\/lib\/.*\.js$/.test(url) && !url.includes('/node_modules/');
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

/** By the source map beside each bundled file. */
function callsOfModules(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { url, functions } of result.filter((script) => isOurs(script.url))) {
    const moduleAt = modulesOf(fileURLToPath(url));
    for (const { ranges } of functions) {
      const { count: times = 0, startOffset = 0 } = ranges[0] ?? {};
      const module = moduleAt(startOffset);
      sums[module] = (sums[module] ?? 0) + times / task.count;
    }
  }
  return sums;
}

/** Finds the module of what is at an offset in a bundled file; `?` for what the bundler has added. */
function modulesOf(path: string): (offset: number) => string {
  if (!existsSync(`${path}.map`)) return () => '?';
  const code = readFileSync(path, 'utf8');
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  return (offset) => {
    const lines = code.slice(0, offset).split('\n');
    const entry = map.findEntry(lines.length - 1, lines.at(-1)?.length ?? 0);
    return 'originalSource' in entry ? entry.originalSource.replace(/^.*(?=\blib\/)/, '') : '?';
  };
}
