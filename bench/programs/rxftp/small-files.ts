/** Many small files, each written by `writeFile`. */
import { writeFile } from 'node:fs/promises';
import { fetchSmallFiles } from './fetch-small-files.js';

await fetchSmallFiles(writeFile);
