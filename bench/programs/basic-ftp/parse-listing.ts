/** The text of a listing to entries: it finds out the format for itself. The same text serves LIST and MLSD. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mustBe, readTask, reportWarm } from '../task.js';

interface ListParser {
  parseList(text: string): readonly unknown[];
}

const task = readTask();
const { parseList } = createRequire(import.meta.url)('basic-ftp/dist/parseList') as ListParser;
const bytes = readFileSync(task.local);
await reportWarm(task, () => mustBe(task.count, parseList(bytes.toString('utf8')).length));
