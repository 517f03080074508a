/** Rows of MLSD (RFC 3659 section 7.2), also where a server gives them to LIST. */
import { type MlsxEntry, parseFacts } from '../facts.js';
import { type FileEntry, fileEntryFromFacts } from './file-entry.js';

/** Reads one row; `undefined` when it is none. */
export function parseMlsxLine(line: string): FileEntry | 'ignored' | undefined {
  const entry = factsOf(line);
  return entry === undefined ? undefined : (fileEntryFromFacts(entry, line) ?? 'ignored');
}

function factsOf(line: string): MlsxEntry | undefined {
  try {
    return parseFacts(line);
  } catch {
    // The row is told as one that was not understood.
    return undefined;
  }
}
