/** A download into a file. */
import { readTask, report } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
await report(async () => {
  const client = await connectedClient(task);
  await client.downloadTo(task.local, task.remote);
  client.close();
});
