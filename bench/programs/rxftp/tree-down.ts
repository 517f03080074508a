/** A whole tree to the local disk. */
import { lastValueFrom } from 'rxjs';
import { local, mirror$, remote } from '../../../lib/recipes/index.js';
import { readTask, report } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
await report(() => lastValueFrom(mirror$(remote(ftp, task.remote), local(task.local))));
