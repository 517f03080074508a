/** Turns the data of MLSD into entries, each as soon as its line is in. */
import type { OperatorFunction } from 'rxjs';
import { FtpProtocolError } from '../errors.js';
import { FactIndex } from '../protocol/fact-index.js';
import { type MlsxEntry, parseIndexedFacts } from '../protocol/facts.js';
import { HeldFacts } from '../protocol/held-facts.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { eachListingLine, LINE_NAMES, type LineReader, type ListingLinesOptions } from './listing-lines.js';
import { requireUnparsed, type UnparsedOptions, UnparsedRows } from './unparsed.js';

export interface FactsOptions extends ListingLinesOptions, UnparsedOptions {}

const NAMES: Readonly<Record<keyof FactsOptions, true>> = { ...LINE_NAMES, unparsed: true };

/**
 * Reads machine-readable listings (RFC 3659 section 7), from bytes or from lines.
 *
 * Emits an entry for each line as it comes, `cdir` and `pdir` too. If a line leaves open where its name begins, it waits for a line that
 * shows how this server ends its facts. Later lines wait too, 64 at most. A line that is no entry (without a name, say) does not end the
 * listing. After the last entry the stream errors with an `FtpProtocolError`, whose `unparsed` has those lines; with `unparsed: 'report'`
 * it completes. Other errors are those of `listingLines`, which count above these lines.
 *
 * @example
 * ```ts
 * ftp.retr$('/saved.mlsd').pipe(facts()).subscribe((entry) => console.log(entry.name, entry.size));
 * ```
 */
export function facts(options: FactsOptions = {}): OperatorFunction<Uint8Array | string, MlsxEntry> {
  requireKnownOptions(options, NAMES);
  requireUnparsed(options);
  return eachListingLine(options, (subscriber) => factsReader(options, (entry) => subscriber.next(entry)));
}

/** Reads the lines of MLSD. `report` receives the lines that are no entry, if they are to be reported. */
export function factsReader(
  { unparsed }: UnparsedOptions,
  emit: (entry: MlsxEntry) => void,
  report?: (rows: UnparsedRows) => void,
): LineReader {
  const rows = new UnparsedRows();
  const index = new FactIndex();
  const held = new HeldFacts(index.lastFact);
  const read = (line: string): void => {
    const entry = factsOf(line, index);
    if (entry === undefined) rows.add(line);
    else emit(entry);
  };
  const readHeld = (): void => {
    for (const line of held.end()) read(line);
  };
  return {
    line(line) {
      if (held.isDecided) read(line);
      else for (const each of held.take(line)) read(each);
    },
    end() {
      readHeld();
      rows.settle(unparsed, report);
    },
    failed: readHeld,
  };
}

/** The entry of one line; undefined when it is none. */
export function factsOf(line: string, index?: FactIndex): MlsxEntry | undefined {
  try {
    return parseIndexedFacts(line, index);
  } catch (error) {
    if (error instanceof FtpProtocolError) return undefined;
    throw error;
  }
}
