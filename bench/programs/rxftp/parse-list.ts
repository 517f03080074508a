/** The bytes of LIST to entries. */
import { count, from, lastValueFrom } from 'rxjs';
import { listing } from '../../../lib/index.js';
import { mustBe, readTask, report } from '../task.js';
import { listingChunks } from './listing-chunks.js';

const task = readTask();
const chunks = listingChunks(task.local);
await report(async () => mustBe(task.count, await lastValueFrom(from(chunks).pipe(listing(), count()))));
