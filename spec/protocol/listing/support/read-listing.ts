/** Reads lines as one listing, by one dialect or by the one that is found out. */
import type { FileEntry } from '../../../../lib/protocol/index.js';
import { ListingParser, type ListingParserOptions, type ListingRow } from '../../../../lib/protocol/index.js';

export const NOW = new Date('2024-11-20T12:00:00Z');

/** The rows of a listing, those at its end included. */
export function readListing(
  lines: readonly string[],
  options: Partial<ListingParserOptions> = {},
): readonly ListingRow[] {
  const parser = new ListingParser({ now: NOW, ...options });
  return [...lines.flatMap((line) => [...parser.parse(line)]), ...parser.end()];
}

/** The entry of a line; `undefined` when it is none, or not understood. */
export function readLine(line: string, options: Partial<ListingParserOptions> = {}): FileEntry | undefined {
  const [row] = readListing([line], options);
  return typeof row === 'string' ? undefined : row;
}
