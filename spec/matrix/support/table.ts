/** The matrix as a table: a row for each fault, a column for each group of operations; runs, values and typed errors. */

interface Cell {
  runs: number;
  values: number;
  errors: number;
  wrong: number;
}

export class Table {
  readonly #cells = new Map<string, Cell>();
  readonly #rows: readonly string[];
  readonly #columns: readonly string[];

  constructor(rows: readonly string[], columns: readonly string[]) {
    this.#rows = rows;
    this.#columns = columns;
  }

  count(row: string, column: string, what: 'value' | 'error' | 'left', isWrong: boolean): void {
    for (const name of [column, 'all']) {
      const cell = this.#cell(row, name);
      cell.runs += 1;
      if (what === 'value') cell.values += 1;
      if (what === 'error') cell.errors += 1;
      if (isWrong) cell.wrong += 1;
    }
  }

  toString(): string {
    const columns = [...this.#columns, 'all'];
    const head = ['runs/values/errors', ...columns];
    const lines = this.#rows.map((row) => [row, ...columns.map((column) => this.#shown(row, column))]);
    const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)));
    const pad = (line: readonly string[]): string =>
      line.map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0))).join('  ');
    return [head, ...lines].map(pad).join('\n');
  }

  #shown(row: string, column: string): string {
    const cell = this.#cells.get(`${row}|${column}`);
    if (cell === undefined) return '-';
    return `${cell.runs}/${cell.values}/${cell.errors}${cell.wrong > 0 ? ` ${cell.wrong} WRONG` : ''}`;
  }

  #cell(row: string, column: string): Cell {
    const key = `${row}|${column}`;
    const cell = this.#cells.get(key) ?? { runs: 0, values: 0, errors: 0, wrong: 0 };
    this.#cells.set(key, cell);
    return cell;
  }
}
