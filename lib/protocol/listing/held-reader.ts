/**
 * Holds rows with two readings until other rows decide.
 *
 * It keeps an open row and all later ones. They leave when the question is decided, too many rows wait, or the listing ends.
 */
import type { DialectReader, Reading } from './dialect.js';
import type { FileEntry, ListingRow } from './file-entry.js';

/** The way in which a dialect reads such rows. */
export interface OpenRows {
  /** Takes a row as evidence. Returns whether how to read it is open; `undefined` when it is not in this format. */
  learn(line: string): boolean | undefined;
  /** Whether no question is open that a row has raised. */
  readonly isDecided: boolean;
  /** Decides the open questions by the rows so far. */
  decide(): void;
  /** Reads a row that was learned; `undefined` when it has no name. */
  entry(line: string): FileEntry | undefined;
}

export class HeldReader implements DialectReader {
  readonly #rows: OpenRows;
  #held: string[] = [];

  constructor(rows: OpenRows) {
    this.#rows = rows;
  }

  read(line: string): Reading {
    const open = this.#rows.learn(line);
    if (open === undefined) return undefined;
    if (!open && this.#held.length === 0) return this.#rows.entry(line);
    this.#held.push(line);
    return this.#rows.isDecided ? this.end() : [];
  }

  end(): readonly ListingRow[] {
    const lines = this.#held;
    if (lines.length === 0) return lines;
    this.#held = [];
    this.#rows.decide();
    return lines.map((line) => this.#rows.entry(line) ?? line);
  }
}
