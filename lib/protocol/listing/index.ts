/** Exports the listings of `rxftp/protocol`. */
export {
  type Dialect,
  type FileEntry,
  type FileKind,
  fileEntryFromFacts,
  type ListingContext,
  type ListingRow,
  type TimePrecision,
} from './file-entry.js';
export { ListingParser, type ListingParserOptions } from './listing-parser.js';
