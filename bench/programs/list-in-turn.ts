/**
 * The bytes of LIST to entries, by this library and by basic-ftp in turn within one process, so that the machine's moods and the
 * compiler's meet both alike. Both get the same chunks; both are warm before they count.
 */
import { createRequire } from 'node:module';
import { count, from, lastValueFrom } from 'rxjs';
import { listing } from '../../lib/index.js';
import { listingChunks } from './rxftp/listing-chunks.js';
import { mustBe, readTask } from './task.js';

/** Milliseconds, one for each round. */
export interface InTurn {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

interface ListParser {
  parseList(text: string): readonly unknown[];
}

/** So many rows are read before any round counts. */
const WARM_ROWS = 500_000;

const task = readTask();
const { parseList } = createRequire(import.meta.url)('basic-ftp/dist/parseList') as ListParser;
const chunks = listingChunks(task.local);

const ours = async (): Promise<void> => mustBe(task.count, await lastValueFrom(from(chunks).pipe(listing(), count())));
const theirs = async (): Promise<void> => mustBe(task.count, parseList(Buffer.concat(chunks).toString('utf8')).length);

/** Of the processor: other processes count less than in the time on the wall. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const times = { ours: [] as number[], theirs: [] as number[] };
for (let round = -Math.ceil(WARM_ROWS / task.count); round < task.sessions; round += 1) {
  const both = [
    ['ours', ours],
    ['theirs', theirs],
  ] as const;
  for (const [name, work] of round % 2 === 0 ? both : both.toReversed()) {
    const ms = await timed(work);
    if (round >= 0) times[name].push(ms);
  }
}
console.log(JSON.stringify(times satisfies InTurn));
