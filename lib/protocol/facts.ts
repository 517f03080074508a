/**
 * Lines of MLSD and MLST: `fact=value;fact=value; name` (RFC 3659 section 7.2).
 *
 * The facts end at the first space and everything after it is the name, whatever it looks like. Splitting is one
 * `indexOf`; a fact is looked up in the raw text when it is asked for, because a listing has many entries and its reader
 * mostly wants two or three facts of each. A value that makes no sense leaves its typed field `undefined` and stays
 * readable in `facts`.
 */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { printable } from './printable.js';
import { readSize } from './size.js';
import { readTimestamp } from './timestamp.js';

/** What an entry is. `cdir` is the listed directory itself, `pdir` its parent; `other` covers devices and unknown types. */
export type MlsxType = 'file' | 'dir' | 'cdir' | 'pdir' | 'symlink' | 'other';

/** One entry of a machine-readable listing. */
export interface MlsxEntry {
  /** As the server sent it: it may be a path (MLST), and is not fit to be a local file name unchecked. */
  readonly name: string;
  /** All facts by name in lower case; where one comes twice, the first counts. */
  readonly facts: ReadonlyMap<string, string>;
  readonly type: MlsxType;
  /** In bytes: `size`, or for directories Pure-FTPd's `sizd`. */
  readonly size?: number | undefined;
  /** `modify`. */
  readonly modified?: Date | undefined;
  /** `create`. */
  readonly created?: Date | undefined;
  /** What this login may do, as letters of RFC 3659 section 7.5.5; not Unix permissions. */
  readonly perm?: string | undefined;
  /** Equal for two names of one file. */
  readonly unique?: string | undefined;
  /** `UNIX.mode`, the permission bits. */
  readonly unixMode?: number | undefined;
  /** `UNIX.ownername`, else `UNIX.owner`, else `UNIX.uid`. */
  readonly unixOwner?: string | undefined;
  /** `UNIX.groupname`, else `UNIX.group`, else `UNIX.gid`. */
  readonly unixGroup?: string | undefined;
  /** Where a symbolic link leads, when the server says (`type=OS.unix=slink:/target`). */
  readonly linkTarget?: string | undefined;
  /** `media-type`. */
  readonly mediaType?: string | undefined;
  readonly charset?: string | undefined;
  /** `lang`. */
  readonly language?: string | undefined;
}

const SLINK = 'os.unix=slink';
const EQUALS = 0x3d;

/**
 * One line of MLSD, or of MLST's reply less the one space that the line begins with there.
 *
 * @throws FtpProtocolError when there is no space or no name after it, what stands before it are no facts, or the name
 *   holds a NUL.
 */
export function parseFacts(line: string): MlsxEntry {
  const space = line.indexOf(' ');
  if (space === -1 || space === line.length - 1) {
    throw new FtpProtocolError(`A listing entry without a name: "${printable(line, 120)}"`);
  }
  const equals = line.indexOf('=');
  if (space > 0 && (equals === -1 || equals > space)) {
    throw new FtpProtocolError(`Not a listing entry: "${printable(line, 120)}"`);
  }
  if (line.includes('\0', space))
    throw new FtpProtocolError(`A NUL in a name: "${printable(line.slice(space + 1), 120)}"`);
  return new FactLine(line, space);
}

/**
 * The argument of `OPTS MLST`: `type;size;modify;`, each fact with its semicolon (RFC 3659 section 7.7).
 *
 * @throws FtpUsageError when a name is not letters, digits, dots and hyphens.
 */
export function formatFactsOption(facts: readonly string[]): string {
  for (const fact of facts) {
    if (!/^[A-Za-z0-9.-]+$/.test(fact)) throw new FtpUsageError(`Not the name of a fact: "${printable(fact, 40)}"`);
  }
  return facts.map((fact) => `${fact};`).join('');
}

/** An entry that reads its line on demand. */
class FactLine implements MlsxEntry {
  readonly name: string;
  readonly #line: string;
  /** Where the facts end. */
  readonly #end: number;
  #facts: ReadonlyMap<string, string> | undefined;

  constructor(line: string, space: number) {
    this.name = line.slice(space + 1);
    this.#line = line;
    this.#end = space;
  }

  get facts(): ReadonlyMap<string, string> {
    this.#facts ??= readFacts(this.#line, this.#end);
    return this.#facts;
  }

  get type(): MlsxType {
    const type = this.#fact('type')?.toLowerCase();
    if (type === 'file' || type === 'dir' || type === 'cdir' || type === 'pdir') return type;
    return type === 'os.unix=symlink' || type === 'link' || type?.startsWith(SLINK) ? 'symlink' : 'other';
  }

  get size(): number | undefined {
    return readSize(this.#fact('size') ?? this.#fact('sizd') ?? '');
  }

  get modified(): Date | undefined {
    return readTimestamp(this.#fact('modify') ?? '');
  }

  get created(): Date | undefined {
    return readTimestamp(this.#fact('create') ?? '');
  }

  get perm(): string | undefined {
    return this.#fact('perm');
  }

  get unique(): string | undefined {
    return this.#fact('unique');
  }

  get unixMode(): number | undefined {
    const mode = this.#fact('unix.mode') ?? '';
    return /^[0-7]{1,7}$/.test(mode) ? Number.parseInt(mode, 8) & 0o7777 : undefined;
  }

  get unixOwner(): string | undefined {
    return this.#fact('unix.ownername') ?? this.#fact('unix.owner') ?? this.#fact('unix.uid');
  }

  get unixGroup(): string | undefined {
    return this.#fact('unix.groupname') ?? this.#fact('unix.group') ?? this.#fact('unix.gid');
  }

  get linkTarget(): string | undefined {
    const type = this.#fact('type') ?? '';
    if (!type.toLowerCase().startsWith(`${SLINK}:`)) return undefined;
    return type.slice(SLINK.length + 1) || undefined;
  }

  get mediaType(): string | undefined {
    return this.#fact('media-type');
  }

  get charset(): string | undefined {
    return this.#fact('charset');
  }

  get language(): string | undefined {
    return this.#fact('lang');
  }

  /** What JSON and test reporters show. */
  toJSON(): { readonly name: string; readonly type: MlsxType; readonly facts: Readonly<Record<string, string>> } {
    return { name: this.name, type: this.type, facts: Object.fromEntries(this.facts) };
  }

  /** What `console.log` shows: the symbol is looked up by name, so nothing of Node is imported. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return this.toJSON();
  }

  #fact(key: string): string | undefined {
    return findFact(this.#line, this.#end, key);
  }
}

/** The value of the first fact called `key` (in lower case) before `end`. */
function findFact(line: string, end: number, key: string): string | undefined {
  let start = 0;
  while (start < end) {
    const stop = factEnd(line, start, end);
    const equals = start + key.length;
    if (equals < stop && line.charCodeAt(equals) === EQUALS && matchesKey(line, start, key)) {
      return line.slice(equals + 1, stop);
    }
    start = stop + 1;
  }
  return undefined;
}

function matchesKey(line: string, start: number, key: string): boolean {
  for (let index = 0; index < key.length; index += 1) {
    const unit = line.charCodeAt(start + index);
    const lower = unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
    if (lower !== key.charCodeAt(index)) return false;
  }
  return true;
}

/** Where the fact that begins at `start` ends: at its semicolon, or at `end` where the last one has none (NcFTPd). */
function factEnd(line: string, start: number, end: number): number {
  const semicolon = line.indexOf(';', start);
  return semicolon === -1 || semicolon > end ? end : semicolon;
}

function readFacts(line: string, end: number): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  let start = 0;
  while (start < end) {
    const stop = factEnd(line, start, end);
    const fact = line.slice(start, stop);
    const equals = fact.indexOf('=');
    const key = fact.slice(0, Math.max(equals, 0)).toLowerCase();
    if (key !== '' && !facts.has(key)) facts.set(key, fact.slice(equals + 1));
    start = stop + 1;
  }
  return facts;
}
