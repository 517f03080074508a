/** Many small files, each written by `writeFileSync`: a few KiB are written sooner than the thread pool is told of them. */
import { writeFileSync } from 'node:fs';
import { fetchSmallFiles } from './fetch-small-files.js';

await fetchSmallFiles(async (path, bytes) => writeFileSync(path, bytes));
