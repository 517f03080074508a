/** Keeps the rows of one listing that were not understood. The other rows survive, and the end reports all of these. */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { printable } from '../protocol/printable.js';

/** The treatment of a listing with rows that were not understood. */
export type UnparsedOption = 'error' | 'report';

export interface UnparsedOptions {
  /**
   * A row that is not understood does not end the listing. `'error'` (default): after its last entry the listing errors with an
   * `FtpProtocolError`, whose `unparsed` has those rows. `'report'`: it completes. Of an operation, `events$` tells the rows; the
   * operators `facts` and `listing` have nothing to tell them to.
   */
  readonly unparsed?: UnparsedOption | undefined;
}

/** So many rows are kept; the others are counted. */
const KEPT_ROWS = 100;
/** So much of the first row is shown in the message. */
const SHOWN_LENGTH = 120;

export class UnparsedRows {
  readonly #rows: string[] = [];
  #count = 0;

  /** The first ones, 100 at most. */
  get rows(): readonly string[] {
    return this.#rows;
  }

  /** All of them. */
  get count(): number {
    return this.#count;
  }

  add(row: string): void {
    this.#count += 1;
    if (this.#rows.length < KEPT_ROWS) this.#rows.push(row);
  }

  /** Throws, if there are any, unless they are to be reported: then `report` is called with them. */
  settle(option: UnparsedOption | undefined, report?: (unparsed: UnparsedRows) => void): void {
    if (this.#count === 0) return;
    if (option !== 'report') throw this.#error();
    report?.(this);
  }

  #error(): FtpProtocolError {
    const rows = this.#count === 1 ? '1 row of the listing was' : `${this.#count} rows of the listing were`;
    const first = printable(this.#rows[0] ?? '', SHOWN_LENGTH);
    return new FtpProtocolError(
      `${rows} not understood, the first: "${first}". All others were emitted. With unparsed: 'report' the listing completes.`,
      { unparsed: this.#rows },
    );
  }
}

/** Throws FtpUsageError for another value than those of the option `unparsed`. */
export function requireUnparsed({ unparsed }: UnparsedOptions): void {
  if (unparsed === undefined || unparsed === 'error' || unparsed === 'report') return;
  throw new FtpUsageError("The option unparsed must be 'error' or 'report'.");
}
