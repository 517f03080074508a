/** `.pipe(createWriteStream)`. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { lastValueFrom } from 'rxjs';
import { clientFor } from '../rxftp/client.js';
import { readTask } from '../task.js';
import { watchMemory } from './watch-memory.js';

const task = readTask();
await using ftp = clientFor(task);
await lastValueFrom(ftp.noop$());
await watchMemory(async () => {
  const file = createWriteStream(task.local);
  await finished(ftp.retr$(task.remote).pipe(file));
  return file.bytesWritten;
});
