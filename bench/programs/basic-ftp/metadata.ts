/** The sizes of files, one after the other: basic-ftp runs one task at a time. */
import { mustBe, pairOf, readTask, report, smallNames } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
const names = smallNames(task.lockStep ?? task.count);
const client = await connectedClient(task);
await report(async () => {
  for (const name of names) mustBe(task.bytes, await client.size(pairOf(task, name).remote));
}, names.length);
client.close();
