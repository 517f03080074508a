/**
 * Lines of LIST to entries: one parser for each family of servers, tried in order, the one that fitted last tried first.
 *
 * A line that stands for nothing (`total 8`, blank, `.` and `..`) is told apart from a line that no parser
 * understands: such a line means that the listing may not be complete.
 */
import { unfit } from '../check-number.js';
import { beginsWithDigit } from '../digits.js';
import { parseDosLine } from './dos.js';
import type { Dialect, FileEntry, LineParser, ListingContext } from './file-entry.js';
import { parseMlsxLine } from './mlsx.js';
import { parseUnixLine } from './unix.js';

/** The parsers, in the order in which they are tried. */
export const DIALECTS: readonly { readonly dialect: Dialect; readonly parse: LineParser }[] =
  /* @__PURE__ */ Object.freeze([
    /* @__PURE__ */ Object.freeze({ dialect: 'unix', parse: parseUnixLine }),
    /* @__PURE__ */ Object.freeze({ dialect: 'dos', parse: parseDosLine }),
    /* @__PURE__ */ Object.freeze({ dialect: 'mlsx', parse: parseMlsxLine }),
  ]);

/** What the rows of a listing are: files, or, as text, rows that were not understood. */
export type ListingRow = FileEntry | string;

const NOTHING: readonly ListingRow[] = /* @__PURE__ */ Object.freeze([]);

export interface ListingParserOptions extends ListingContext {
  /** The only format to read; found out from the lines unless given. */
  readonly dialect?: Dialect | undefined;
}

/** Reads one listing. It remembers the dialect, so each listing wants a parser of its own. */
export class ListingParser {
  readonly #context: ListingContext;
  readonly #fixed: boolean;
  #usual: (typeof DIALECTS)[number] | undefined;

  /** Throws FtpUsageError for an invalid `now` or `timeZone`. */
  constructor(options: ListingParserOptions) {
    const { now, timeZone = 0 } = options;
    if (!Number.isFinite(now.getTime())) throw unfit('now', 'a valid date', now.getTime());
    if (!Number.isFinite(timeZone)) throw unfit('timeZone', 'a number of minutes', timeZone);
    this.#context = options;
    this.#fixed = options.dialect !== undefined;
    this.#usual = DIALECTS.find(({ dialect }) => dialect === options.dialect);
  }

  /** The format of the last line that was understood. */
  get dialect(): Dialect | undefined {
    return this.#usual?.dialect;
  }

  /**
   * Reads one line, without its terminator. Returns the rows that are understood now, which may be none, or several: a row
   * that a later line decides is returned with that line, at most 64 lines later.
   */
  parse(line: string): readonly ListingRow[] {
    const entry = this.#tryDialects(line);
    if (entry === undefined) return isDecoration(line) ? NOTHING : [line];
    return entry === 'ignored' || entry.name === '.' || entry.name === '..' ? NOTHING : [entry];
  }

  /** The end of the listing: returns the rows that waited for a later line. */
  end(): readonly ListingRow[] {
    return NOTHING;
  }

  #tryDialects(line: string): FileEntry | 'ignored' | undefined {
    const usual = this.#usual?.parse(line, this.#context);
    if (usual !== undefined || this.#fixed) return usual;
    for (const other of DIALECTS) {
      const entry = other === this.#usual ? undefined : other.parse(line, this.#context);
      if (entry === undefined) continue;
      this.#usual = other;
      return entry;
    }
    return undefined;
  }
}

/** What `ls` calls the sum of blocks that it prints first. */
const TOTALS: ReadonlySet<string> = new Set([
  'total',
  'insgesamt',
  'totale',
  'totaal',
  'totalt',
  'yhteensä',
  'razem',
  'celkem',
]);

/** Whether the line is blank or a sum of blocks (`total 8`, `total 1.2M`): no file. */
function isDecoration(line: string): boolean {
  if (line.trim() === '') return true;
  const [word = '', sum = '', ...more] = line.split(' ', 4).filter((part) => part !== '');
  return more.length === 0 && beginsWithDigit(sum) && TOTALS.has(word.toLowerCase().replace(/:$/, ''));
}
