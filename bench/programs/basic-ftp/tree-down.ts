/** A whole tree to the local disk. It has one connection, whatever the task says. */
import { readTask, report } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
const client = await connectedClient(task);
await report(() => client.downloadToDir(task.local, task.remote));
client.close();
