/** `for await` with a body that is slower than the network. */
import { setTimeout as delay } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { clientFor } from '../rxftp/client.js';
import { readTask } from '../task.js';
import { watchMemory } from './watch-memory.js';

const task = readTask();
await using ftp = clientFor(task);
await lastValueFrom(ftp.noop$());
await watchMemory(async () => {
  let bytes = 0;
  for await (const chunk of ftp.retr$(task.remote)) {
    bytes += chunk.length;
    await delay(1);
  }
  return bytes;
});
