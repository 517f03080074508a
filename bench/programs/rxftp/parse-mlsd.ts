/** The bytes of MLSD to entries of which all is read that a mirror needs: entries parse their facts when they are read. */
import { count, from, lastValueFrom } from 'rxjs';
import { facts, type MlsxEntry } from '../../../lib/index.js';
import { mustBe, readTask, reportWarm } from '../task.js';
import { listingChunks } from './listing-chunks.js';

const task = readTask();
const chunks = listingChunks(task.local);

/** As bench/scenarios/content.ts wrote it. */
function isWhole(entry: MlsxEntry, index: number): boolean {
  const { name, type, size, modified, unixMode } = entry;
  return (
    name.endsWith('.csv') &&
    type === 'file' &&
    size === index * 37 &&
    modified?.getTime() !== undefined &&
    unixMode === 0o644
  );
}

await reportWarm(task, async () => mustBe(task.count, await lastValueFrom(from(chunks).pipe(facts(), count(isWhole)))));
