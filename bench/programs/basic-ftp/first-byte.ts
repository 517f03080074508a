/** From nothing to the first bytes of a file. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { readTask, report } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
await report(async () => {
  const arrived = new PassThrough();
  const client = await connectedClient(task);
  const download = client.downloadTo(arrived, task.remote);
  await Promise.race([once(arrived, 'data'), download]);
});
// What is left to do at the server is not of interest.
process.exit();
