/** A download that is only counted, by the door of the library's own sinks: one buffer, read into again and again. */
import { intoSink } from '../../../lib/streams/byte-flow.js';
import { mustBe, readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
const memory = Buffer.allocUnsafeSlow(256 * 1024);
let bytes = 0;
const download = (): Promise<void> =>
  new Promise((resolve, reject) => {
    intoSink(ftp.retr$(task.remote), {
      buffer: () => memory,
      write(chunk) {
        bytes += chunk.length;
      },
      complete: () => resolve(),
      error: reject,
    });
  });
await report(download);
mustBe(task.bytes, bytes);
