/**
 * Finds the positions of a row's facts in one pass, so that a reader can read them in place.
 *
 * An index belongs to one listing and describes one row, the last one requested. Readers usually want several facts of one row, so each row
 * is scanned once, and stored entries hold no index. The rows of a listing name the same facts in the same order. So the index first
 * compares the names of the row before.
 */
import { LastFact } from './last-fact.js';
import { matchesKey } from './match-key.js';

/** The place of a fact in the index. */
export type FactNumber = number;

type Known =
  | ('type' | 'size' | 'sizd' | 'modify' | 'create' | 'perm' | 'unique' | 'mode' | 'mediaType' | 'charset' | 'lang')
  | ('ownername' | 'owner' | 'uid' | 'groupname' | 'group' | 'gid');

/** The facts that mean something here. */
export const FACTS: Readonly<Record<Known, FactNumber>> = /* @__PURE__ */ Object.freeze({
  type: 0,
  size: 1,
  sizd: 2,
  modify: 3,
  create: 4,
  perm: 5,
  unique: 6,
  mode: 7,
  mediaType: 8,
  charset: 9,
  lang: 10,
  ownername: 11,
  owner: 12,
  uid: 13,
  groupname: 14,
  group: 15,
  gid: 16,
});

/** Their names, in the same order. */
const NAMES: readonly string[] = /* @__PURE__ */ (
  'type size sizd modify create perm unique unix.mode media-type charset lang ' +
  'unix.ownername unix.owner unix.uid unix.groupname unix.group unix.gid'
).split(' ');

/** A fact that means nothing here. */
const UNKNOWN = -1;
/** So many names are expected in the next row, of so many characters at most. */
const MAX_EXPECTED = 32;
const MAX_EXPECTED_LENGTH = 40;
/** No row has more facts that mean something. */
const MAX_FACTS = 256;

/** The name that a row had at one place, with its equals sign. */
interface ExpectedName {
  readonly text: string;
  readonly fact: FactNumber;
}

export class FactIndex {
  /** The way in which the rows of this listing end their facts. */
  readonly lastFact: LastFact = new LastFact();
  #line: string | undefined;
  #factsEnd = 0;
  /** How far the row was read, and how many facts that were. */
  #next = 0;
  #position = 0;
  /** The first equals sign not before `#next`, once it was looked for. */
  #equals = -1;
  readonly #starts: number[] = new Array<number>(NAMES.length).fill(-1);
  readonly #ends: number[] = new Array<number>(NAMES.length).fill(-1);
  readonly #expected: ExpectedName[] = [];

  /** The index of `line`, whose facts end at `end`. Good until the next call. */
  of(line: string, end: number): this {
    if (line === this.#line) return this;
    this.#line = line;
    this.#factsEnd = end;
    this.#next = 0;
    this.#position = 0;
    this.#equals = -1;
    // `fill` takes longer.
    for (let fact = 0; fact < NAMES.length; fact += 1) this.#starts[fact] = -1;
    return this;
  }

  /** The start of the value of the first such fact; -1 if the row has none. The row is read as far as it must be. */
  start(fact: FactNumber): number {
    const line = this.#line ?? '';
    while (this.#starts[fact] === -1 && this.#next < this.#factsEnd && this.#position < MAX_FACTS) this.#readOne(line);
    return this.#starts[fact] ?? -1;
  }

  /** The end of the value whose start was requested last. */
  end(fact: FactNumber): number {
    return this.#ends[fact] ?? -1;
  }

  #readOne(line: string): void {
    const at = this.#next;
    const end = this.#factsEnd;
    const name = this.#expectedAt(this.#position, line, at) ?? this.#unexpected(line, at);
    if (name === undefined) return;
    this.#position += 1;
    const start = at + name.text.length;
    const semicolon = line.indexOf(';', start);
    // NcFTPd gives the last one none.
    const stop = semicolon === -1 || semicolon > end ? end : semicolon;
    this.#note(name.fact, start, stop);
    this.#next = stop + 1;
  }

  /** The name of a fact that the row before had not here; `undefined` if there is none, which is skipped. */
  #unexpected(line: string, at: number): ExpectedName | undefined {
    // Looked for only once, or a line of nothing but semicolons would be read to its end for each.
    if (this.#equals < at) this.#equals = line.indexOf('=', at);
    if (this.#equals === -1 || this.#equals >= this.#factsEnd) {
      this.#next = this.#factsEnd;
      return undefined;
    }
    const semicolon = line.indexOf(';', at);
    if (semicolon === -1 || semicolon > this.#equals)
      return this.#learn(this.#position, line.slice(at, this.#equals + 1));
    this.#next = semicolon + 1;
    return undefined;
  }

  #expectedAt(position: number, line: string, at: number): ExpectedName | undefined {
    const expected = this.#expected[position];
    return expected !== undefined && line.startsWith(expected.text, at) ? expected : undefined;
  }

  #learn(position: number, text: string): ExpectedName {
    const name = { text, fact: factNamed(text) };
    if (position < MAX_EXPECTED && text.length <= MAX_EXPECTED_LENGTH) this.#expected[position] = name;
    return name;
  }

  /** Of two the first counts. */
  #note(fact: FactNumber, start: number, end: number): void {
    if (fact === UNKNOWN || this.#starts[fact] !== -1) return;
    this.#starts[fact] = start;
    this.#ends[fact] = end;
  }
}

/** The fact that `text`, a name and its equals sign, is for. */
function factNamed(text: string): FactNumber {
  return NAMES.findIndex((name) => name.length === text.length - 1 && matchesKey(text, 0, name));
}
