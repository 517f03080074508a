/** Many small files, each written by `writeFileSync`: a few KiB are written sooner than the thread pool is told of them. */
import { writeFileSync } from 'node:fs';
import { tap } from 'rxjs';
import { fetchSmallFiles } from './fetch-small-files.js';

await fetchSmallFiles((path) => tap((bytes) => writeFileSync(path, bytes)));
