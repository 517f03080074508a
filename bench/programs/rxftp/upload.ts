/** An upload from a file, as Node's users write it. */
import { createReadStream } from 'node:fs';
import { lastValueFrom } from 'rxjs';
import { mustBe, readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await report(async () => {
  const { bytes } = await lastValueFrom(ftp.stor$(task.remote, createReadStream(task.local)));
  mustBe(task.bytes, bytes);
});
