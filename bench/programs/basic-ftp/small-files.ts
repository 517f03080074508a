/**
 * Many small files, shared out among as many clients as there are to be sessions. The clock starts when every session is
 * there and has fetched a file.
 */
import type { Client } from 'basic-ftp';
import { pairOf, readTask, reportWarm, smallNames } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
const clients = await Promise.all(Array.from({ length: task.sessions }, () => connectedClient(task)));
await Promise.all(clients.map((client) => fetchAll(client, ['f0000'])));
await reportWarm(task, () => {
  const names = smallNames(task.count).values();
  return Promise.all(clients.map((client) => fetchAll(client, names)));
});
for (const client of clients) client.close();

async function fetchAll(client: Client, queue: Iterable<string>): Promise<void> {
  for (const name of queue) {
    const { remote, local } = pairOf(task, name);
    await client.downloadTo(local, remote);
  }
}
