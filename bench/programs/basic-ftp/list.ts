/** Measures a listing, from import to the last entry. */
import { mustBe, readTask } from '../task.js';
import { connectedClient } from './client.js';

const task = readTask();
const client = await connectedClient(task);
mustBe(task.count, (await client.list(task.remote)).length);
client.close();
