/** Tells the temporary files of earlier runs from the user's files. */
import { nameOf, parentOf } from '../tree/tree-entry.js';
import { digestIn, digestOf } from './temporary-name.js';

/** An entry of either tree. */
interface Named {
  readonly path: string;
}

/** Paths that look like those of temporary files, by their directory and digest. */
type Candidates = Map<string, Map<string, string[]>>;

export class Leftovers {
  /** The paths of temporary files, with that of the final name. */
  readonly #finals = new Map<string, string>();

  /** @param trees the entries of the source and of the target. */
  constructor(trees: readonly (readonly Named[])[]) {
    const candidates: Candidates = new Map();
    for (const tree of trees) for (const { path } of tree) collect(candidates, path);
    if (candidates.size === 0) return;
    for (const tree of trees) {
      for (const { path } of tree) {
        for (const found of candidates.get(parentOf(path))?.get(digestOf(nameOf(path))) ?? [])
          this.#finals.set(found, path);
      }
    }
  }

  /** The path of the file that the temporary file `path` was to become; undefined if it is no temporary file. */
  finalOf(path: string): string | undefined {
    return this.#finals.get(path);
  }
}

function collect(candidates: Candidates, path: string): void {
  const digest = digestIn(nameOf(path));
  if (digest === undefined) return;
  const directory = getOrMake(candidates, parentOf(path), () => new Map<string, string[]>());
  getOrMake(directory, digest, () => []).push(path);
}

function getOrMake<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
