/** `mlsd$`, entry by entry. */
import { count, lastValueFrom } from 'rxjs';
import { clientFor } from '../rxftp/client.js';
import { readTask } from '../task.js';
import { watchMemory } from './watch-memory.js';

const task = readTask();
await using ftp = clientFor(task);
await lastValueFrom(ftp.noop$());
await watchMemory(() => lastValueFrom(ftp.mlsd$(task.remote).pipe(count())));
