/** A whole tree to a server as other clients store it: in place, and without times. */
import { lastValueFrom } from 'rxjs';
import { local, mirror$, remote } from '../../../lib/recipes/index.js';
import { readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
const options = { atomic: false, keepTime: false };
await report(() => lastValueFrom(mirror$(local(task.local), remote(ftp, task.remote), options)));
