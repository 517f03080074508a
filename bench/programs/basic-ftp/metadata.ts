/** The sizes of files, one after the other: basic-ftp runs one task at a time. Fewer of them show what one costs. */
import { pairOf, readTask, report, smallNames } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
const names = smallNames(Math.min(task.count, 25));
const client = await connectedClient(task);
await report(async () => {
  for (const name of names) await client.size(pairOf(task, name).remote);
}, names.length);
client.close();
