/** The examples of docs/listings.md are read as the page says: each block below the heading of its dialect. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Dialect, ListingParser } from '../../lib/protocol/index.js';

const page = readFileSync(new URL('../../docs/listings.md', import.meta.url), 'utf8');

const DIALECTS: Readonly<Record<Dialect, true>> = {
  ...{ unix: true, dos: true, mlsx: true, eplf: true, vms: true, zos: true, os400: true, nonstop: true },
  ...{ netware: true, os2: true, mac: true, 'connect-enterprise': true, names: true },
};

/** By dialect: the lines of its blocks. */
const blocks = [...page.matchAll(/^### `([\w-]+)`\n(.*?)(?=^##|(?![\s\S]))/gms)].flatMap(
  ([, dialect = '', text = '']) =>
    [...text.matchAll(/^```text\n(.*?)^```/gms)].map(([, rows = '']) => [dialect, rows.trimEnd().split('\n')] as const),
);

describe('docs/listings.md', () => {
  it('has an example of each dialect', () => {
    expect([...new Set(blocks.map(([dialect]) => dialect))].sort()).toEqual(Object.keys(DIALECTS).sort());
  });

  it.each(blocks)('is read: %s %#', (dialect, lines) => {
    const parser = new ListingParser({ now: new Date('2024-11-21T00:00:00Z') });
    const rows = [...lines.flatMap((line) => [...parser.parse(line)]), ...parser.end()];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatchObject({ dialect });
  });

  it.each(Object.keys(DIALECTS))('tells the signs of %s, and the facts that it lacks', (dialect) => {
    const section = page.split(`### \`${dialect}\``)[1]?.split(/^##/m)[0];
    expect(section).toMatch(/^Recognised by: /m);
    expect(section).toMatch(/Missing: /);
  });
});
