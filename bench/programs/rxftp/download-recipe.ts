/** A download to a file by the recipe: bytes go from the memory that the socket reads into. */
import { lastValueFrom } from 'rxjs';
import { download$ } from '../../../lib/recipes/index.js';
import { mustBe, readOptions, readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await report(async () => {
  const { bytes } = await lastValueFrom(download$(ftp, task.remote, task.local, readOptions()));
  mustBe(task.bytes, bytes);
});
