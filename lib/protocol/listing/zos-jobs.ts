/**
 * Reads rows of z/OS jobs, after `SITE FILETYPE=JES`: at level 2 below `JOBNAME JOBID OWNER STATUS CLASS`, at level 1 without a heading.
 * Commands name a job by its id, which is its entry's name. A table of spool files may follow a single job: `JOB00012.1` and so on.
 */
import { readSize } from '../size.js';
import { wordsOf } from './columns.js';
import type { Reading } from './dialect.js';
import type { FileEntry } from './file-entry.js';

const HEADING = /^ ?JOBNAME +JOBID +OWNER +STATUS\b/i;
const SPOOL_HEADING = /^ *ID +STEPNAME +PROCSTEP +C +DDNAME +BYTE-COUNT/i;
const SPOOL_ROW = /^ +(\d{1,6}) +\S+(?: +\S+){2,4} +(\d{1,16}) *$/;
const TRAILER = /^ *\d+ spool files? *$/i;
const RULER = /^ *-{2,}[- ]*$/;
const NAME = /^[A-Z@#$][A-Z0-9@#$]{0,7}$/i;
const ID = /^(?:JOB|TSU|STC|J|T|S)\d{5,7}$/i;
const STATUS = /^(?:INPUT|ACTIVE|OUTPUT|HELD)$/i;
const MAX_WORDS = 5;

export class JobReader {
  #isHeaded = false;
  #isSpool = false;
  #job = '';

  read(line: string): Reading {
    if (HEADING.test(line)) {
      this.#isHeaded = true;
      this.#isSpool = false;
      return 'ignored';
    }
    if (this.#job !== '' && SPOOL_HEADING.test(line)) {
      this.#isSpool = true;
      return 'ignored';
    }
    if (this.#job !== '' && (TRAILER.test(line) || RULER.test(line))) return 'ignored';
    return this.#isSpool ? this.#spoolFile(line) : this.#jobOf(line);
  }

  #jobOf(line: string): FileEntry | undefined {
    const words = wordsOf(line, MAX_WORDS);
    const [name = '', id = ''] = words;
    if (!NAME.test(name) || !ID.test(id)) return undefined;
    const status = words[this.#isHeaded ? 3 : 2] ?? '';
    if (!STATUS.test(status)) return undefined;
    this.#job = id;
    const owner = this.#isHeaded ? words[2] : undefined;
    const kind = status.toUpperCase() === 'OUTPUT' ? 'file' : 'other';
    return { name: id, kind, precision: 'none', zoneKnown: false, owner, dialect: 'zos', raw: line };
  }

  #spoolFile(line: string): FileEntry | undefined {
    const row = line.length > 200 ? null : SPOOL_ROW.exec(line);
    if (row === null) return undefined;
    const name = `${this.#job}.${Number(row[1])}`;
    const size = readSize(row[2] ?? '');
    return { name, kind: 'file', size, precision: 'none', zoneKnown: false, dialect: 'zos', raw: line };
  }
}
