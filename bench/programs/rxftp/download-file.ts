/** A download piped into a file, as Node's users write it. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await report(() => finished(ftp.retr$(task.remote).pipe(createWriteStream(task.local))));
