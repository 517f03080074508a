/** Many small files, each written by `writeFile`. */
import { writeFile } from 'node:fs/promises';
import { mergeMap } from 'rxjs';
import { fetchSmallFiles } from './fetch-small-files.js';

await fetchSmallFiles((path) => mergeMap((bytes) => writeFile(path, bytes)));
