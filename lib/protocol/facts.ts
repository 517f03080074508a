/**
 * Reads lines of MLSD and MLST: `fact=value;fact=value; name` (RFC 3659 section 7.2).
 *
 * The facts end at the first space, and the name is everything after it. It reads a fact when it is requested. A listing has many entries,
 * and its reader may want only their names. A value that makes no sense leaves its typed field `undefined` and stays readable in `facts`.
 */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { readOctal } from './digits.js';
import { FACTS, FactIndex, type FactNumber } from './fact-index.js';
import { factMap } from './fact-map.js';
import { endOfFacts, OPEN, TWO_READINGS } from './facts-end.js';
import { matchesKey } from './match-key.js';
import { printable } from './printable.js';
import { readSize } from './size.js';
import { readTimestamp } from './timestamp.js';

/** The kind of an entry. `cdir` is the listed directory itself, `pdir` its parent; `other` covers devices and unknown types. */
export type MlsxType = 'file' | 'dir' | 'cdir' | 'pdir' | 'symlink' | 'other';

/** One entry of a machine-readable listing. */
export interface MlsxEntry {
  /** As the server sent it: it may be a path (MLST), and is not fit to be a local file name unchecked. */
  readonly name: string;
  /** All facts by name in lower case; if one comes twice, the first counts. */
  readonly facts: ReadonlyMap<string, string>;
  readonly type: MlsxType;
  /** In bytes: `size`, or for directories Pure-FTPd's `sizd`. */
  readonly size?: number | undefined;
  /** `modify`. */
  readonly modified?: Date | undefined;
  /** `create`. */
  readonly created?: Date | undefined;
  /** The rights of this login, as letters of RFC 3659 section 7.5.5; not Unix permissions. */
  readonly perm?: string | undefined;
  /** Equal for two names of one file. */
  readonly unique?: string | undefined;
  /** `UNIX.mode`, the permission bits. */
  readonly unixMode?: number | undefined;
  /** `UNIX.ownername`, else `UNIX.owner`, else `UNIX.uid`. */
  readonly unixOwner?: string | undefined;
  /** `UNIX.groupname`, else `UNIX.group`, else `UNIX.gid`. */
  readonly unixGroup?: string | undefined;
  /** The target of a symbolic link, if the server tells it (`type=OS.unix=slink:/target`). */
  readonly linkTarget?: string | undefined;
  /** `media-type`. */
  readonly mediaType?: string | undefined;
  readonly charset?: string | undefined;
  /** `lang`. */
  readonly language?: string | undefined;
}

const SLINK = 'os.unix=slink';
const MAX_MODE_DIGITS = 7;
const SEMICOLON = 0x3b;

/**
 * One line of MLSD, or of MLST's reply less the one space that the line begins with there.
 *
 * @throws FtpProtocolError when there is no space or no name after it, the text before it is no facts, the name holds a NUL, or the start
 * of the name is uncertain.
 */
export function parseFacts(line: string): MlsxEntry {
  return parseIndexedFacts(line, undefined);
}

/** @internal As {@link parseFacts}, of one row of a listing that has an index, which has learned the row. */
export function parseIndexedFacts(line: string, index: FactIndex | undefined): MlsxEntry {
  const end = endOfFacts(line, index?.lastFact.habit);
  // Nothing shows how to read a row that has come alone: it is read as the standard says.
  const blank = end === OPEN && index === undefined ? endOfFacts(line, 'semicolon') : end;
  if (blank < 0 || blank === line.length - 1) throw unreadable(line, blank);
  const equals = line.indexOf('=');
  if (blank > 0 && (equals === -1 || equals > blank)) {
    throw new FtpProtocolError(`Not a listing entry: "${printable(line, 120)}"`);
  }
  if (line.includes('\0', blank))
    throw new FtpProtocolError(`A NUL in a name: "${printable(line.slice(blank + 1), 120)}"`);
  if (blank > 0 && line.charCodeAt(blank - 1) !== SEMICOLON) index?.lastFact.see(line, blank);
  return new FactLine(line, blank, index);
}

function unreadable(line: string, blank: number): FtpProtocolError {
  const fault =
    blank === TWO_READINGS || blank === OPEN
      ? 'It is not certain where the name begins in'
      : 'A listing entry without a name:';
  return new FtpProtocolError(`${fault} "${printable(line, 120)}"`);
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
  /** The end of the facts. */
  readonly #end: number;
  /** Of the listing; of this row alone, if it has come alone. */
  #index: FactIndex | undefined;
  #facts: ReadonlyMap<string, string> | undefined;

  constructor(line: string, blank: number, index: FactIndex | undefined) {
    this.name = line.slice(blank + 1);
    this.#line = line;
    this.#end = blank;
    this.#index = index;
  }

  get facts(): ReadonlyMap<string, string> {
    this.#facts ??= factMap(this.#line, this.#end);
    return this.#facts;
  }

  get type(): MlsxType {
    const index = this.#indexed();
    const start = index.start(FACTS.type);
    const length = index.end(FACTS.type) - start;
    // As nearly all servers write them.
    if (length === 4 && this.#line.startsWith('file', start)) return 'file';
    if (length === 3 && this.#line.startsWith('dir', start)) return 'dir';
    const type = this.#text(FACTS.type)?.toLowerCase();
    if (isWord(type)) return type;
    return type === 'os.unix=symlink' || type === 'link' || type?.startsWith(SLINK) ? 'symlink' : 'other';
  }

  get size(): number | undefined {
    const index = this.#indexed();
    const start = index.start(FACTS.size);
    if (start !== -1) return readSize(this.#line, start, index.end(FACTS.size));
    return readSize(this.#line, index.start(FACTS.sizd), index.end(FACTS.sizd));
  }

  get modified(): Date | undefined {
    return this.#time(FACTS.modify);
  }

  get created(): Date | undefined {
    return this.#time(FACTS.create);
  }

  get perm(): string | undefined {
    return this.#text(FACTS.perm);
  }

  get unique(): string | undefined {
    return this.#text(FACTS.unique);
  }

  get unixMode(): number | undefined {
    const index = this.#indexed();
    const [start, end] = [index.start(FACTS.mode), index.end(FACTS.mode)];
    const mode = start === -1 || end - start > MAX_MODE_DIGITS ? -1 : readOctal(this.#line, start, end);
    return mode === -1 ? undefined : mode & 0o7777;
  }

  get unixOwner(): string | undefined {
    return this.#text(FACTS.ownername) ?? this.#text(FACTS.owner) ?? this.#text(FACTS.uid);
  }

  get unixGroup(): string | undefined {
    return this.#text(FACTS.groupname) ?? this.#text(FACTS.group) ?? this.#text(FACTS.gid);
  }

  get linkTarget(): string | undefined {
    const index = this.#indexed();
    const start = index.start(FACTS.type);
    if (index.end(FACTS.type) - start <= SLINK.length || !matchesKey(this.#line, start, `${SLINK}:`)) return undefined;
    return this.#line.slice(start + SLINK.length + 1, index.end(FACTS.type)) || undefined;
  }

  get mediaType(): string | undefined {
    return this.#text(FACTS.mediaType);
  }

  get charset(): string | undefined {
    return this.#text(FACTS.charset);
  }

  get language(): string | undefined {
    return this.#text(FACTS.lang);
  }

  /** The value that JSON and test reporters show. */
  toJSON(): { readonly name: string; readonly type: MlsxType; readonly facts: Readonly<Record<string, string>> } {
    return { name: this.name, type: this.type, facts: Object.fromEntries(this.facts) };
  }

  /** The text that `console.log` shows: the symbol is looked up by name, so the module imports nothing of Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return this.toJSON();
  }

  #indexed(): FactIndex {
    this.#index ??= new FactIndex();
    return this.#index.of(this.#line, this.#end);
  }

  #time(fact: FactNumber): Date | undefined {
    const index = this.#indexed();
    const start = index.start(fact);
    return start === -1 ? undefined : readTimestamp(this.#line, start, index.end(fact));
  }

  #text(fact: FactNumber): string | undefined {
    const index = this.#indexed();
    const start = index.start(fact);
    return start === -1 ? undefined : this.#line.slice(start, index.end(fact));
  }
}

function isWord(type: string | undefined): type is 'file' | 'dir' | 'cdir' | 'pdir' {
  return type === 'file' || type === 'dir' || type === 'cdir' || type === 'pdir';
}
