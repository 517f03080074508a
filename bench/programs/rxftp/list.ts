/** Measures a listing, from import to the last entry. */
import { count, lastValueFrom } from 'rxjs';
import { mustBe, readTask } from '../task.js';
import { clientFor } from './client.js';

const task = readTask();
await using ftp = clientFor(task);
mustBe(task.count, await lastValueFrom(ftp.entries$(task.remote).pipe(count())));
