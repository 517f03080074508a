/**
 * Where the facts of a listing's line are: found in one pass that goes as far as it must, to be read in place.
 *
 * There is one index, of the line that was asked about last. Who reads an entry reads several of its facts in a row, so that
 * makes one pass for each entry of which anything is read; and entries that are kept do not keep an index each.
 */

/** Where the value of one fact is in its line. */
export interface FactValue {
  /** -1, as `end`, where the line has no such fact. */
  readonly start: number;
  readonly end: number;
}

/** What is known of one fact: where it is in the line that was asked about last. */
export class Place implements FactValue {
  start = -1;
  end = -1;
  /** The number of the line that it is of. */
  line = 0;
  /** The fact's name as most servers write it. */
  readonly name: string;
  /** The same in lower case. */
  readonly key: string;

  constructor(name: string) {
    this.name = name;
    this.key = name.toLowerCase();
  }
}

type Known =
  | ('type' | 'size' | 'sizd' | 'modify' | 'create' | 'perm' | 'unique' | 'mode' | 'mediaType' | 'charset' | 'lang')
  | ('ownername' | 'owner' | 'uid' | 'groupname' | 'group' | 'gid');

/** The facts that mean something here. */
export const places: Readonly<Record<Known, Place>> = Object.freeze({
  type: new Place('type'),
  size: new Place('size'),
  sizd: new Place('sizd'),
  modify: new Place('modify'),
  create: new Place('create'),
  perm: new Place('perm'),
  unique: new Place('unique'),
  mode: new Place('UNIX.mode'),
  ownername: new Place('UNIX.ownername'),
  owner: new Place('UNIX.owner'),
  uid: new Place('UNIX.uid'),
  groupname: new Place('UNIX.groupname'),
  group: new Place('UNIX.group'),
  gid: new Place('UNIX.gid'),
  mediaType: new Place('media-type'),
  charset: new Place('charset'),
  lang: new Place('lang'),
});

/** Those whose names have so many characters. */
const byLength = Array.from({ length: 16 }, (_, length) =>
  Object.values(places).filter(({ key }) => key.length === length),
);

/** The line that was asked about last, how many there were, and how far it was read. */
let indexed = '';
let count = 0;
let next = 0;
/** The first equals sign not before `next`, once it was looked for; -1 when there is none. */
let equals = 0;

/** Where the first fact that `place` is for is in `line`, whose facts end at `end`. Good until the next call. */
export function locate(line: string, end: number, place: Place): FactValue {
  if (line !== indexed) {
    indexed = line;
    count += 1;
    next = 0;
    equals = 0;
  }
  while (place.line !== count && next < end && equals !== -1) readOne(line, end);
  if (place.line !== count) settle(place, -1, -1);
  return place;
}

function readOne(line: string, end: number): void {
  const start = next;
  const semicolon = line.indexOf(';', start);
  // NcFTPd gives the last fact none.
  const stop = semicolon === -1 || semicolon > end ? end : semicolon;
  // Looked for only once, or a line of nothing but semicolons would be read to its end for each.
  if (equals <= start) equals = line.indexOf('=', start);
  if (equals !== -1 && equals < stop) note(line, start, equals, stop);
  next = stop + 1;
}

function note(line: string, start: number, keyEnd: number, end: number): void {
  for (const place of byLength[keyEnd - start] ?? []) {
    if (!line.startsWith(place.name, start) && !matchesKey(line, start, place.key)) continue;
    // Of two the first counts.
    if (place.line !== count) settle(place, keyEnd + 1, end);
    return;
  }
}

function settle(place: Place, start: number, end: number): void {
  place.line = count;
  place.start = start;
  place.end = end;
}

/** Whether `key`, in lower case, is in `line` at `start`, in either case. */
export function matchesKey(line: string, start: number, key: string): boolean {
  for (let index = 0; index < key.length; index += 1) {
    const unit = line.charCodeAt(start + index);
    const lower = unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
    if (lower !== key.charCodeAt(index)) return false;
  }
  return true;
}
