/** A whole tree to a server, each file under a temporary name until it is whole, and with its time. */
import { lastValueFrom } from 'rxjs';
import { local, mirror$, remote } from '../../../lib/recipes/index.js';
import { readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await report(() => lastValueFrom(mirror$(local(task.local), remote(ftp, task.remote))));
