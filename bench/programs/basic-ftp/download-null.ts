/** A download that is only counted. */
import { Writable } from 'node:stream';
import { mustBe, readTask, report } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
let bytes = 0;
const counter = new Writable({
  write(chunk: Buffer, _encoding, written) {
    bytes += chunk.length;
    written();
  },
});
await report(async () => {
  const client = await connectedClient(task);
  await client.downloadTo(counter, task.remote);
  client.close();
});
mustBe(task.bytes, bytes);
