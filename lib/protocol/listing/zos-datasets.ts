/**
 * Reads rows of z/OS data sets: `Volume Unit Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname`.
 *
 * The name is the last word, and has no blanks. `Ext` and `Used` may run into each other, so it counts columns from the right. The date is
 * that of the last use, not of a change, and tracks tell no size. An entry has neither.
 */
import { wordsOf } from './columns.js';
import type { FileEntry, FileKind } from './file-entry.js';

/** The organisation of a data set. */
const KINDS: Readonly<Partial<Record<string, FileKind>>> = /* @__PURE__ */ Object.freeze({
  PS: 'file',
  'PS-E': 'file',
  'PS-L': 'file',
  PSU: 'file',
  DA: 'file',
  PO: 'directory',
  'PO-E': 'directory',
  POU: 'directory',
  VSAM: 'other',
  VS: 'other',
  GDG: 'other',
  HFS: 'other',
  ZFS: 'other',
  IS: 'other',
  PATH: 'other',
});

/** The words in place of the columns of a data set that is not on a disk. */
const PHRASES: readonly (readonly [RegExp, FileKind])[] = [
  [/^ *Pseudo Directory +\S+ *$/i, 'directory'],
  [/^ *(?:Migrated|MIGRAT\d?|ARCI?VE)\b.* \S+ *$/i, 'other'],
  [
    /^ *\S* *(?:Not Direct Access Device|Not Mounted|User catalog connector|Error determining attributes|Tape) +\S+ *$/i,
    'other',
  ],
];

const NAME = /^'?[A-Z@#$][A-Z0-9@#${}.()-]{0,60}'?$/i;
const MAX_WORDS = 14;

/** Reads a row; `undefined` if it is none. */
export function datasetOf(line: string): FileEntry | undefined {
  const words = wordsOf(line, MAX_WORDS);
  const name = words.at(-1) ?? '';
  if (words.length < 2 || !NAME.test(name)) return undefined;
  const organisation = words.at(-2)?.toUpperCase() ?? '';
  const kind = Object.hasOwn(KINDS, organisation) ? KINDS[organisation] : (phraseKind(line) ?? columnsKind(words));
  return kind === undefined
    ? undefined
    : { name, kind, precision: 'none', zoneKnown: false, dialect: 'zos', raw: line };
}

function phraseKind(line: string): FileKind | undefined {
  return PHRASES.find(([phrase]) => phrase.test(line))?.[1];
}

/** `2024/11/20`, or that there is none. */
const REFERRED = /^(?:\d{4}\/\d\d\/\d\d|\*\*NONE\*\*)$/i;
/** The place of the date, behind volume and unit. */
const REFERRED_AT = 2;
/** Volume, unit, date, one word for `Ext` and `Used`, three more, and the name. */
const LEAST_WORDS = 8;

/** A row with all its columns, but without a `Dsorg`, or with one that is not known. */
function columnsKind(words: readonly string[]): FileKind | undefined {
  return words.length >= LEAST_WORDS && REFERRED.test(words[REFERRED_AT] ?? '') ? 'other' : undefined;
}
