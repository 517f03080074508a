/** Rows of nothing but a name. */
import type { CorpusListing, ExpectedEntry } from './corpus.js';

const name = (text: string): ExpectedEntry => ({ name: text, kind: 'other' });

export const nameListings: readonly CorpusListing[] = [
  {
    title: 'found out',
    dialect: 'names',
    lines: ['a.txt', 'b.dat', 'README'],
    entries: ['a.txt', 'b.dat', 'README'].map(name),
  },
  { title: 'with blanks', dialect: 'names', lines: ['my file.txt', 'b'], entries: ['my file.txt', 'b'].map(name) },
  {
    title: 'with their directories',
    dialect: 'names',
    lines: ['./a', './b c.txt', '/pub/x/d', 'sub/'],
    entries: [name('a'), name('b c.txt'), name('d'), { name: 'sub', kind: 'directory' }],
  },
  {
    title: 'of a device that ends lines with CR alone',
    dialect: 'names',
    lines: ['a.txt\rb.txt\r'],
    entries: ['a.txt', 'b.txt'].map(name),
  },
  {
    title: 'named: any text',
    dialect: 'names',
    named: true,
    lines: ['a', 'No files found', ''],
    entries: ['a', 'No files found'].map(name),
  },
  { title: 'one word that may be a message', dialect: 'names', lines: ['Empty'], entries: [], unparsed: ['Empty'] },
  {
    title: 'a message among what may be names',
    dialect: 'names',
    lines: ['a.txt', 'Permission denied: b'],
    entries: [],
    unparsed: ['a.txt', 'Permission denied: b'],
  },
];
