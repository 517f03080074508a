/** The bytes of MLSD to entries, in chunks as a socket gives them. */
import { readFileSync } from 'node:fs';
import { count, from, lastValueFrom } from 'rxjs';
import { facts } from '../../../lib/index.js';
import { mustBe, readTask, report } from '../task.js';

const task = readTask();
const bytes = readFileSync(task.local);
const chunkBytes = 64 * 1024;
const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
  bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
);
await report(async () => mustBe(task.count, await lastValueFrom(from(chunks).pipe(facts(), count()))));
