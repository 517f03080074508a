/** The bytes of LIST to entries. */
import { count, from, lastValueFrom } from 'rxjs';
import { listing } from '../../../lib/index.js';
import { mustBe, readTask, reportWarm } from '../task.js';
import { listingChunks } from './listing-chunks.js';

const task = readTask();
const chunks = listingChunks(task.local);
await reportWarm(task, async () => mustBe(task.count, await lastValueFrom(from(chunks).pipe(listing(), count()))));
