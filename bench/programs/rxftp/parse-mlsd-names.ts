/** The bytes of MLSD to entries of which only the names are read: what is not read is not parsed. */
import { count, from, lastValueFrom } from 'rxjs';
import { facts } from '../../../lib/index.js';
import { mustBe, readTask, reportWarm } from '../task.js';
import { listingChunks } from './listing-chunks.js';

const task = readTask();
const chunks = listingChunks(task.local);
const named = count(({ name }: { readonly name: string }) => name.endsWith('.csv'));
await reportWarm(task, async () => mustBe(task.count, await lastValueFrom(from(chunks).pipe(facts(), named))));
