/**
 * Reads the Easily Parsed LIST Format of publicfile and anonftpd. A row has `+` and facts, each with a comma, a tab, and the name.
 *
 * Facts come in any order: `/` a directory, `r` can be retrieved, `s<bytes>`, `m<seconds since 1970>`, `i<unique>`, `up<octal mode>`.
 */
import { readOctal } from '../digits.js';
import { readSize } from '../size.js';
import { type ListingDialect, lineDialect } from './dialect.js';
import type { FileEntry, FileKind } from './file-entry.js';

/** The last second that a Date can have. */
const MAX_SECONDS = 8_640_000_000_000;
/** No row has more, in characters. */
const MAX_FACTS = 1024;
const MAX_MODE_DIGITS = 6;

export const eplf: ListingDialect = /* @__PURE__ */ lineDialect('eplf', read);

function read(line: string): FileEntry | undefined {
  const tab = line.startsWith('+') ? line.indexOf('\t') : -1;
  const name = line.slice(tab + 1);
  if (tab === -1 || tab > MAX_FACTS || name === '') return undefined;
  const facts = factsOf(line.slice(1, tab));
  const seconds = readSize(facts.get('m') ?? '');
  const modified = seconds === undefined || seconds > MAX_SECONDS ? undefined : new Date(seconds * 1000);
  return {
    name,
    kind: kindOf(facts),
    size: readSize(facts.get('s') ?? ''),
    modified,
    precision: modified === undefined ? 'none' : 'second',
    zoneKnown: modified !== undefined,
    mode: modeOf(facts.get('up') ?? ''),
    unique: facts.get('i'),
    dialect: 'eplf',
    raw: line,
  };
}

/** By their first letter, `up` by two. */
function factsOf(text: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const fact of text.split(',')) {
    const length = fact.startsWith('up') ? 2 : 1;
    const key = fact.slice(0, length);
    if (!facts.has(key)) facts.set(key, fact.slice(length));
  }
  return facts;
}

function kindOf(facts: ReadonlyMap<string, string>): FileKind {
  if (facts.has('/')) return 'directory';
  return facts.has('r') ? 'file' : 'other';
}

function modeOf(text: string): number | undefined {
  const mode = text.length > MAX_MODE_DIGITS ? -1 : readOctal(text, 0, text.length);
  return mode === -1 ? undefined : mode & 0o7777;
}
