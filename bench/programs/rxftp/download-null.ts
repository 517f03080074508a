/** Counts the bytes of a download: the subscriber owns each chunk. */
import { mustBe, readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
let bytes = 0;
await report(() =>
  ftp.retr$(task.remote).forEach((chunk) => {
    bytes += chunk.length;
  }),
);
mustBe(task.bytes, bytes);
