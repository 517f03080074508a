/** The data of MLSD to entries, each as soon as its line is in. */
import type { OperatorFunction } from 'rxjs';
import { type MlsxEntry, parseFacts } from '../protocol/facts.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { eachListingLine, LINE_NAMES, type ListingLinesOptions } from './listing-lines.js';

/**
 * Reads machine-readable listings (RFC 3659 section 7), from bytes or from lines.
 *
 * Emits an entry for each line, `cdir` and `pdir` too. Errors with `FtpProtocolError` on a line without a name, and as
 * `listingLines` does.
 *
 * @example
 * ```ts
 * ftp.retr$('/saved.mlsd').pipe(facts()).subscribe((entry) => console.log(entry.name, entry.size));
 * ```
 */
export function facts(options: ListingLinesOptions = {}): OperatorFunction<Uint8Array | string, MlsxEntry> {
  requireKnownOptions(options, LINE_NAMES);
  return eachListingLine(options, (subscriber) => ({ line: (line) => subscriber.next(parseFacts(line)) }));
}
