/**
 * Rows of MLSD (RFC 3659 section 7.2), also where a server gives them to LIST.
 *
 * Some servers (ProFTPD) tell a link's target as a row of its own: of the same `unique`, with a path for its name. Such rows make
 * one entry. A link without a target, or a path, waits for the other: with 64 rows behind it, or until the end.
 */
import { FactIndex } from '../fact-index.js';
import { type MlsxEntry, parseIndexedFacts } from '../facts.js';
import type { DialectReader, ListingDialect, Reading } from './dialect.js';
import { type FileEntry, fileEntryFromFacts, type ListingRow } from './file-entry.js';
import { MAX_HELD_ROWS } from './held-reader.js';

export const mlsx: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'mlsx',
  open: () => new MlsxReader(true),
});

/** Within LIST: there a row without facts may be anything, until one with facts was read. */
export const mlsxInList: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'mlsx',
  open: () => new MlsxReader(false),
});

const HAS_FACTS = /^[\w.-]{1,64}=[^ ]*;?[ \t]/;

class MlsxReader implements DialectReader {
  readonly #isOwnForm: boolean;
  #sawFacts = false;
  readonly #index = new FactIndex();
  /** Links and paths without their other half, and what came behind the first of them. */
  #held: FileEntry[] = [];

  /** @param isOwnForm whether the rows are of MLSD, and no others. */
  constructor(isOwnForm: boolean) {
    this.#isOwnForm = isOwnForm;
  }

  read(line: string): Reading {
    if (!this.#isOwnForm && !HAS_FACTS.test(line.slice(0, 512)) && !this.#mayBeName(line)) return undefined;
    const entry = factsOf(line, this.#index);
    if (entry === undefined) return undefined;
    this.#sawFacts = true;
    const file = fileEntryFromFacts(entry, line);
    return file === undefined ? 'ignored' : this.#take(file);
  }

  end(): readonly ListingRow[] {
    const rows = this.#held;
    this.#held = [];
    return rows;
  }

  /** One blank and a name, beside rows with facts: a message has a colon, or more blanks before it. */
  #mayBeName(line: string): boolean {
    return this.#sawFacts && /^ [^\s]/.test(line) && !line.includes(': ');
  }

  #take(file: FileEntry): Reading {
    const waits = isOpenLink(file) || isPath(file);
    if (this.#held.length === 0) {
      if (!waits) return file;
      this.#held.push(file);
      return [];
    }
    const other = waits ? this.#held.findIndex((held) => isOneLink(held, file)) : -1;
    if (other === -1) this.#held.push(file);
    else this.#held[other] = oneLink(this.#held[other] ?? file, file);
    const isDecided = !this.#held.some((held) => isOpenLink(held) || isPath(held));
    return isDecided || this.#held.length >= MAX_HELD_ROWS ? this.end() : [];
  }
}

function isOpenLink({ kind, target, unique }: FileEntry): boolean {
  return kind === 'symlink' && target === undefined && unique !== undefined;
}

function isPath({ kind, name, unique }: FileEntry): boolean {
  return kind !== 'symlink' && unique !== undefined && name.includes('/');
}

function isOneLink(one: FileEntry, other: FileEntry): boolean {
  return one.unique === other.unique && ((isOpenLink(one) && isPath(other)) || (isPath(one) && isOpenLink(other)));
}

function oneLink(one: FileEntry, other: FileEntry): FileEntry {
  const [link, target] = isOpenLink(one) ? [one, other] : [other, one];
  return { ...link, target: target.name };
}

function factsOf(line: string, index: FactIndex): MlsxEntry | undefined {
  try {
    return parseIndexedFacts(line, index);
  } catch {
    // The row is told as one that was not understood.
    return undefined;
  }
}
