/** Listings of `ls -l`, composed of the parts in unix-parts.ts: each part once, and then many together. */
import type { CorpusListing, ExpectedEntry } from './corpus.js';
import { row } from './corpus.js';
import { dates, months, names, owners, permissions, sizes } from './unix-parts.js';

interface Choice {
  readonly permissions: number;
  readonly owner: number;
  readonly size: number;
  readonly date: number;
  readonly name: number;
}

const USUAL: Choice = { permissions: 0, owner: 0, size: 1, date: 0, name: 0 };

/** A row of these parts. */
function composed(choice: Choice): CorpusListing {
  const [letters, kind, mode] = at(permissions, choice.permissions);
  const [columns, links, owner, group] = at(owners, choice.owner);
  const [sizeText, size] = at(sizes, choice.size);
  const [date, modified] = at(dates, choice.date);
  const name = at(names, choice.name);
  const isLink = kind === 'symlink';
  const line = [letters, columns, sizeText, date, isLink ? `${name} -> ../to/it` : name]
    .filter((part) => part !== '')
    .join(' ');
  const target = isLink ? '../to/it' : undefined;
  // The size of a link tells where its name ends; these do not, and the first arrow counts.
  const entry = isLink && name.includes(' -> ') ? arrowed(name) : { name, target };
  const zoneKnown = date.includes('+0000');
  const more = { links, owner, group, mode, target: entry.target, zoneKnown };
  return row('unix', line, { name: entry.name, kind, size, modified, more });
}

function arrowed(name: string): { readonly name: string; readonly target: string } {
  const [first = '', ...others] = name.split(' -> ');
  return { name: first, target: [...others, '../to/it'].join(' -> ') };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('No parts');
  return item;
}

/** One part after the other, with the usual others. A date that is none is known by its place, where all columns are there. */
const single = [
  ...permissions.map((_, index) => composed({ ...USUAL, permissions: index })),
  ...owners.map((_, index) => composed({ ...USUAL, owner: index })),
  ...sizes.map((_, index) => composed({ ...USUAL, size: index })),
  ...dates.map((_, index) => composed({ ...USUAL, date: index })),
  ...names.map((_, index) => composed({ ...USUAL, name: index })),
];

/**
 * Dates that go with any columns and any name: what is none is known by its place, behind `2023 Nov 20` a name may be a time, and
 * before a time `12 may 7` may be a size and a day.
 */
const certain = dates.flatMap(([text, modified], index) =>
  modified === undefined || text === '2023 Nov 20' || text.startsWith('11:05') ? [] : [index],
);

const mixed = Array.from({ length: 180 }, (_, index) =>
  composed({
    permissions: index,
    owner: index * 7,
    size: index * 11,
    date: at(certain, index * 5),
    name: index * 13,
  }),
);

/** The fifth of each month, of 2020. */
const named = months.flatMap(([language, text]) =>
  text.split(' ').flatMap((month, index): readonly CorpusListing[] => {
    if (month === '-') return [];
    const modified = `2020-${String(index + 1).padStart(2, '0')}-05`;
    const entry: ExpectedEntry = {
      name: 'a.txt',
      kind: 'file',
      size: 7,
      modified,
      more: { links: 1, owner: 'ann', group: 'staff', mode: 0o644 },
    };
    const line = `-rw-r--r-- 1 ann staff 7 ${month}  5  2020 a.txt`;
    return [{ title: `${language}: ${line}`, dialect: 'unix', lines: [line], entries: [entry] }];
  }),
);

export const unixListings: readonly CorpusListing[] = [...single, ...mixed, ...named];
