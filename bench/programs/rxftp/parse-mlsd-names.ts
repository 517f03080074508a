/** Turns the bytes of MLSD into entries of which only the names are read: other facts are not parsed. */
import { count, from, lastValueFrom } from 'rxjs';
import { facts } from '../../../lib/index.js';
import { mustBe, readTask, reportWarm } from '../task.js';
import { listingChunks } from './listing-chunks.js';

const task = readTask();
const chunks = listingChunks(task.local);
const named = count(({ name }: { readonly name: string }) => name.endsWith('.csv'));
await reportWarm(task, async () => mustBe(task.count, await lastValueFrom(from(chunks).pipe(facts(), named))));
