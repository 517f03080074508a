/**
 * Joins symbolic links of MLSD whose target has its own row: `type=OS.unix=symlink;unique=8U7; x` and `type=dir;unique=8U7; /home/y`. The
 * two become one entry, a link with its target.
 *
 * The names in a directory have no slash, so a row with one does not belong to that directory. Either row may come first. It waits for the
 * other during 64 more rows, and then becomes its own entry.
 */
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { changed } from './changed-entry.js';

const WAITS_ROWS = 64;

interface Waiting {
  readonly entry: FileEntry;
  /** The count of rows when it came. */
  readonly since: number;
}

export class LinkTargets {
  readonly #emit: (entry: FileEntry) => void;
  /** By `unique`; the oldest first. */
  readonly #links = new Map<string, Waiting>();
  readonly #targets = new Map<string, Waiting>();
  #rows = 0;

  constructor(emit: (entry: FileEntry) => void) {
    this.#emit = emit;
  }

  take(entry: FileEntry): void {
    this.#rows += 1;
    if (this.#links.size > 0 || this.#targets.size > 0) this.#letGo(this.#rows - WAITS_ROWS);
    const { unique } = entry;
    if (unique === undefined) this.#emit(entry);
    else if (entry.kind === 'symlink' && entry.target === undefined)
      this.#pair(entry, unique, this.#links, this.#targets);
    else if (entry.name.includes('/')) this.#pair(entry, unique, this.#targets, this.#links);
    else this.#emit(entry);
  }

  /** No more rows come. */
  end(): void {
    this.#letGo(this.#rows);
  }

  #pair(entry: FileEntry, unique: string, own: Map<string, Waiting>, others: Map<string, Waiting>): void {
    const other = others.get(unique)?.entry;
    if (other === undefined) {
      // A second row with the same `unique` would replace the first, which would be lost.
      if (own.has(unique)) this.#emit(entry);
      else own.set(unique, { entry, since: this.#rows });
      return;
    }
    others.delete(unique);
    const [link, target] = own === this.#links ? [entry, other] : [other, entry];
    this.#emit(changed(link, { target: target.name }));
  }

  /** Emits what has waited since that row, or longer. */
  #letGo(row: number): void {
    for (const waiting of [this.#links, this.#targets]) {
      for (const [unique, { entry, since }] of waiting) {
        if (since > row) break;
        waiting.delete(unique);
        this.#emit(entry);
      }
    }
  }
}
