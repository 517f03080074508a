/** From nothing to the first bytes of a file, with the login in one write. */
import { firstValueFrom } from 'rxjs';
import { readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await report(() => firstValueFrom(clientFor(task, { pipelineLogin: true }).retr$(task.remote)));
// What is left to do at the server is not of interest.
process.exit();
