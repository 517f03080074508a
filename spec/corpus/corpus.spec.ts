import { describe, expect, it } from 'vitest';
import { type FileEntry, ListingParser, type ListingRow } from '../../lib/protocol/index.js';
import { type CorpusListing, type ExpectedEntry, NOW, precisionOf } from './corpus.js';
import { otherDoubts } from './other-doubts.js';
import { otherListings } from './others.js';
import { unixListings } from './unix.js';
import { unixDoubts } from './unix-doubts.js';
import { unixTogether } from './unix-together.js';
import { unixWords } from './unix-words.js';
import { windowsListings } from './windows.js';
import { windowsSizes } from './windows-sizes.js';

const corpus = [
  ...unixListings,
  ...unixTogether,
  ...unixDoubts,
  ...unixWords,
  ...windowsListings,
  ...windowsSizes,
  ...otherListings,
  ...otherDoubts,
];

function read({ lines, dialect, named, timeZone }: CorpusListing): readonly ListingRow[] {
  const parser = new ListingParser({ now: NOW, timeZone, dialect: named === true ? dialect : undefined });
  return [...lines.flatMap((line) => [...parser.parse(line)]), ...parser.end()];
}

function expected(listing: CorpusListing, { modified, precision, more, ...entry }: ExpectedEntry): object {
  return {
    zoneKnown: listing.timeZone !== undefined && modified !== undefined,
    ...entry,
    modified: modified === undefined ? undefined : new Date(modified.includes('T') ? `${modified}Z` : modified),
    precision: precision ?? precisionOf(modified),
    dialect: listing.dialect,
    ...more,
  };
}

/** Without its line, and `facts`, which hold nothing that the line does not. */
function shown({ raw, facts, ...entry }: FileEntry): object {
  expect(raw).not.toBe('');
  expect(facts === undefined || entry.dialect === 'mlsx').toBe(true);
  return entry;
}

describe('the corpus', () => {
  it('has 600 rows at least, of all dialects', () => {
    const rows = corpus.flatMap(({ lines }) => lines);
    expect(rows.length).toBeGreaterThanOrEqual(600);
    expect(new Set(rows).size).toBeGreaterThanOrEqual(600);
    expect([...new Set(corpus.map(({ dialect }) => dialect))].sort()).toEqual(
      ['connect-enterprise', 'dos', 'eplf', 'mac', 'mlsx', 'names', 'netware', 'nonstop', 'os2', 'os400'].concat([
        'unix',
        'vms',
        'zos',
      ]),
    );
  });

  it.each(corpus.map((listing) => [listing.title, listing] as const))('is read: %s', (_title, listing) => {
    const rows = read(listing);
    const entries = rows.filter((row): row is FileEntry => typeof row !== 'string');
    expect(entries.map(shown)).toEqual(listing.entries.map((entry) => expected(listing, entry)));
    expect(rows.filter((row) => typeof row === 'string')).toEqual(listing.unparsed ?? []);
  });
});
