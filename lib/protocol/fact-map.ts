/**
 * Holds all facts of a row by name. It reads the row at the first lookup. A listing has many entries, and most readers want only the typed
 * fields.
 */
class FactMap implements ReadonlyMap<string, string> {
  readonly #line: string;
  readonly #end: number;
  #facts: ReadonlyMap<string, string> | undefined;

  constructor(line: string, end: number) {
    this.#line = line;
    this.#end = end;
  }

  get size(): number {
    return this.#read().size;
  }

  get(name: string): string | undefined {
    return this.#read().get(name);
  }

  has(name: string): boolean {
    return this.#read().has(name);
  }

  forEach(each: (value: string, name: string, facts: ReadonlyMap<string, string>) => void, self?: unknown): void {
    for (const [name, value] of this.#read()) Reflect.apply(each, self, [value, name, this]);
  }

  entries(): MapIterator<[string, string]> {
    return this.#read().entries();
  }

  keys(): MapIterator<string> {
    return this.#read().keys();
  }

  values(): MapIterator<string> {
    return this.#read().values();
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }

  /** The text that `console.log` shows: the symbol is looked up by name, so the module imports nothing of Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): ReadonlyMap<string, string> {
    return this.#read();
  }

  #read(): ReadonlyMap<string, string> {
    this.#facts ??= readFacts(this.#line, this.#end);
    return this.#facts;
  }
}

/** The facts of `line`, which end at `end`. */
export function factMap(line: string, end: number): ReadonlyMap<string, string> {
  return new FactMap(line, end);
}

/** By names in lower case; of two the first counts. */
function readFacts(line: string, end: number): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  let start = 0;
  let equals = -1;
  while (start < end) {
    const semicolon = line.indexOf(';', start);
    // NcFTPd gives the last one none.
    const stop = semicolon === -1 || semicolon > end ? end : semicolon;
    // Looked for only once, or a line of nothing but semicolons would be read to its end for each.
    if (equals < start) equals = line.indexOf('=', start);
    if (equals === -1) break;
    const key = equals < stop ? line.slice(start, equals).toLowerCase() : '';
    if (key !== '' && !facts.has(key)) facts.set(key, line.slice(equals + 1, stop));
    start = stop + 1;
  }
  return facts;
}
