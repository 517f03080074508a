/** An upload from a file by the recipe: a few large buffers, read ahead. */
import { lastValueFrom } from 'rxjs';
import { upload$ } from '../../../lib/recipes/index.js';
import { mustBe, readOptions, readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await report(async () => {
  const { bytes } = await lastValueFrom(upload$(ftp, task.local, task.remote, readOptions()));
  mustBe(task.bytes, bytes);
});
