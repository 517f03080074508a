/**
 * Reads rows of MLSD (RFC 3659 section 7.2), also if a server sends them for LIST.
 *
 * Some servers (ProFTPD) give a link's target its own row, with the same `unique` and a path for its name. Such rows make one entry. A link
 * without a target, or a path, waits for the other row. If a row leaves open where its facts end, it waits for another that shows it.
 */
import { FactIndex } from '../fact-index.js';
import { type MlsxEntry, parseIndexedFacts } from '../facts.js';
import type { DialectReader, ListingDialect, Reading, Settled } from './dialect.js';
import { type FileEntry, fileEntryFromFacts } from './file-entry.js';

export const mlsx: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'mlsx',
  open: () => new MlsxReader(true),
});

/** Within LIST: there a row without facts may be anything, until one with facts was read. */
export const mlsxInList: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'mlsx',
  open: () => new MlsxReader(false),
});

/** A fact that servers are known to send first: any word with an equals sign may be of a message, or of another format. */
const HAS_FACTS =
  /^(?:type|size|sizd|modify|create|perm|unique|lang|charset|media-type|(?:unix|win32|x)\.[\w.-]{1,32})=[^ ]*;?[ \t]/i;

/** A row; the line that it is of, if that is not read yet or was not understood; nothing, if the line is of another's row. */
type Held = FileEntry | string | readonly [];

const NOTHING: readonly [] = /* @__PURE__ */ Object.freeze([]);

class MlsxReader implements DialectReader {
  readonly #isOwnForm: boolean;
  #sawFacts = false;
  readonly #index = new FactIndex();
  /** The waiting rows, and all rows behind the first of them. */
  #held: Held[] = [];
  /** Whether some lines of these are unread, since the end of their facts is open. */
  #hasOpen = false;

  /** @param isOwnForm whether the rows are of MLSD, and no others. */
  constructor(isOwnForm: boolean) {
    this.#isOwnForm = isOwnForm;
  }

  read(line: string): Reading {
    if (!this.#isOwnForm && !HAS_FACTS.test(line.slice(0, 512)) && !this.#mayBeName(line)) return undefined;
    const { lastFact } = this.#index;
    if (lastFact.habit === undefined && lastFact.learn(line)) {
      this.#sawFacts = true;
      this.#hasOpen = true;
      this.#held.push(line);
      return [];
    }
    const entry = factsOf(line, this.#index);
    if (entry === undefined) return undefined;
    this.#sawFacts = true;
    return this.#take(fileEntryFromFacts(entry, line));
  }

  end(): readonly Settled[] {
    if (this.#hasOpen) {
      this.#index.lastFact.decide();
      this.#readOpen();
    }
    const rows = this.#held;
    this.#held = [];
    return rows;
  }

  /** One blank and a name, beside rows with facts: a message has a colon, or more blanks before it. */
  #mayBeName(line: string): boolean {
    return this.#sawFacts && mayBeName(line);
  }

  #take(file: FileEntry | undefined): Reading {
    if (this.#held.length === 0 && !waits(file)) return file ?? 'ignored';
    if (this.#hasOpen && this.#index.lastFact.habit !== undefined) this.#readOpen();
    this.#keep(file ?? NOTHING);
    return this.#hasOpen || this.#held.some(waits) ? [] : this.end();
  }

  /** Reads the waiting lines, since the end of their facts is known. */
  #readOpen(): void {
    const items = this.#held;
    this.#held = [];
    this.#hasOpen = false;
    for (const item of items) this.#keep(typeof item === 'string' ? this.#rowOf(item) : item);
  }

  #rowOf(line: string): Held {
    const entry = factsOf(line, this.#index);
    return entry === undefined ? line : (fileEntryFromFacts(entry, line) ?? NOTHING);
  }

  #keep(item: Held): void {
    const other = waits(item) ? this.#held.findIndex((held) => isOneLink(held, item)) : -1;
    const half = this.#held[other];
    if (isFile(half) && isFile(item)) this.#held[other] = oneLink(half, item);
    this.#held.push(isFile(half) ? NOTHING : item);
  }
}

/** The entry of a row without facts, if it is one: it may come before the first row with some. */
export function entryWithoutFacts(line: string): FileEntry | undefined {
  const entry = mayBeName(line) ? factsOf(line, undefined) : undefined;
  return entry === undefined ? undefined : fileEntryFromFacts(entry, line);
}

function mayBeName(line: string): boolean {
  return /^ [^\s]/.test(line) && !line.includes(': ');
}

function isFile(item: Held | undefined): item is FileEntry {
  return typeof item === 'object' && 'name' in item;
}

function waits(item: Held | undefined): item is FileEntry {
  return isFile(item) && (isOpenLink(item) || isPath(item));
}

function isOpenLink({ kind, target, unique }: FileEntry): boolean {
  return kind === 'symlink' && target === undefined && unique !== undefined;
}

function isPath({ kind, name, unique }: FileEntry): boolean {
  return kind !== 'symlink' && unique !== undefined && name.includes('/');
}

function isOneLink(one: Held, other: FileEntry): boolean {
  return (
    isFile(one) && one.unique === other.unique && (isOpenLink(one) ? isPath(other) : isPath(one) && isOpenLink(other))
  );
}

function oneLink(one: FileEntry, other: FileEntry): FileEntry {
  const [link, target] = isOpenLink(one) ? [one, other] : [other, one];
  return { ...link, target: target.name };
}

function factsOf(line: string, index: FactIndex | undefined): MlsxEntry | undefined {
  try {
    return parseIndexedFacts(line, index);
  } catch {
    // The row is reported as one that was not understood.
    return undefined;
  }
}
