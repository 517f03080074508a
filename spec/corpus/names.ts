/** Rows of nothing but a name. */
import type { CorpusListing, ExpectedEntry } from './corpus.js';

const name = (text: string): ExpectedEntry => ({ name: text, kind: 'other' });

const many = Array.from({ length: 64 }, (_, index) => `many${index}.txt`);

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
  {
    title: 'named: what begins as a reply to STAT does',
    dialect: 'names',
    named: true,
    lines: ['211-report.txt', '211-summary.txt', '211 a', 'a.txt', '211 b'],
    entries: ['211-report.txt', '211-summary.txt', '211 a', 'a.txt', '211 b'].map(name),
  },
  ...[
    ['211-report.txt', '211-summary.txt', 'a.txt'],
    ['212-areacode.csv', '212 areas.csv', 'a.txt'],
    ['212-areacode.csv', '212 areas.csv'],
    ['213-a.txt'],
    ['213-a.txt', ...Array.from({ length: 70 }, (_, index) => `213-${index}.txt`), '213 b.txt'],
  ].map((lines) => ({
    title: `that begin as a reply to STAT does: ${lines.slice(0, 3)}`,
    dialect: 'names' as const,
    lines,
    entries: lines.map(name),
  })),
  {
    title: 'in a reply to STAT',
    dialect: 'names',
    lines: ['213-Status of /pub:', 'a.txt', '213-b.txt', '213 End of status'],
    entries: ['a.txt', 'b.txt'].map(name),
  },
  { title: 'in a reply to STAT: none', dialect: 'names', lines: ['213-Status of /pub:', '213 End'], entries: [] },
  {
    title: 'in a reply to STAT that has no end',
    dialect: 'names',
    lines: ['213-Status of /pub:', 'a.txt'],
    entries: [],
    unparsed: ['213-Status of /pub:', 'a.txt'],
  },
  ...[
    ['写真2024', 'total2024', 'a.txt'],
    ['итого 5', 'a.txt', 'total 8'],
    ['total 8', '合計 8', 'a.txt'],
    ['notes:', 'a.txt', 'b.txt'],
  ].map((lines) => ({
    title: `that look like more: ${lines}`,
    dialect: 'names' as const,
    lines,
    entries: lines.map(name),
  })),
  { title: 'a sum alone', dialect: 'names', lines: ['итого 0'], entries: [] },
  { title: 'a heading and a sum alone', dialect: 'names', lines: ['pub:', 'total 0'], entries: [] },
  ...[
    ['forbidden:'],
    ['total2024'],
    ['写真2024'],
    ['写真 2024'],
    ['사진 12', 'a.txt'],
    ['a.txt', 'forbidden:'],
    ['forbidden:', 'denied:'],
  ].map((lines) => ({
    title: `not understood: ${lines}`,
    dialect: 'names' as const,
    lines,
    entries: [],
    unparsed: lines,
  })),
  ...[
    ['Cannot open /pub/data.txt'],
    ['No such file or directory /srv/ftp.d', 'a.txt'],
    ['Unable to open file.lst'],
    ['Unable to open a.lst', 'Unable to open b.lst'],
  ].map((lines) => ({ title: `messages: ${lines}`, dialect: 'names' as const, lines, entries: [], unparsed: lines })),
  {
    title: 'a message and a sum behind many names',
    dialect: 'names',
    lines: [...many, 'Permission denied', 'total 8', 'Cannot open /pub/x.txt', 'my file.txt'],
    entries: [...many, 'total 8', 'my file.txt'].map(name),
    unparsed: ['Permission denied', 'Cannot open /pub/x.txt'],
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
