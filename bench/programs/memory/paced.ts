/** `paced`, four chunks at a time, with work that is slower than the network. */
import { setTimeout as delay } from 'node:timers/promises';
import { lastValueFrom, reduce } from 'rxjs';
import { paced } from '../../../lib/index.js';
import { clientFor } from '../rxftp/client.js';
import { readTask } from '../task.js';
import { watchMemory } from './watch-memory.js';

const task = readTask();
await using ftp = clientFor(task);
await lastValueFrom(ftp.noop$());
const lengths$ = ftp.retr$(task.remote).pipe(
  paced((chunk) => delay(1, chunk.length), 4),
  reduce((sum, length) => sum + length, 0),
);
await watchMemory(() => lastValueFrom(lengths$));
