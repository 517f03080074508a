/** Lists one local directory in small batches, and waits while the consumer holds. */
import type { BigIntStats, Dir, PathLike } from 'node:fs';
import { lstat, opendir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subscriber } from 'rxjs';
import type { FileEntry, FileKind } from '../../protocol/listing/file-entry.js';
import { decodeUtf8 } from '../../protocol/utf8.js';
import { asError } from '../../streams/as-error.js';
import { Flow } from '../../streams/flow.js';
import type { Gate } from '../../streams/gate.js';

/** So many files are looked at together: as many as Node reads names at a time. */
const BATCH = 32;

/** Half a pair stands for a byte that is no UTF-8: Node could not find that file by text. */
const NOT_TEXT = /\p{Surrogate}/u;

/**
 * Emits the entries of `directory` in the order of the disk. A file that is removed meanwhile is left out. `onUnreadable` receives a name
 * that is no UTF-8.
 */
export function localEntries(directory: string, onUnreadable: (name: string) => void = () => {}): Flow<FileEntry> {
  return new Flow((subscriber, gate) => new LocalListing(directory, subscriber, gate).start(onUnreadable));
}

class LocalListing {
  readonly #directory: string;
  readonly #start: string;
  readonly #subscriber: Subscriber<FileEntry>;
  readonly #gate: Gate;
  #goOn: () => void = () => {};

  constructor(directory: string, subscriber: Subscriber<FileEntry>, gate: Gate) {
    this.#directory = directory;
    this.#start = startOf(directory);
    this.#subscriber = subscriber;
    this.#gate = gate;
  }

  /** Returns what stops it. */
  start(onUnreadable: (name: string) => void): () => void {
    const detach = this.#gate.attach({ pause: () => {}, resume: () => this.#goOn() });
    this.#run(onUnreadable).then(
      () => {
        if (!this.#subscriber.closed) this.#subscriber.complete();
      },
      (error: unknown) => {
        if (!this.#subscriber.closed) this.#subscriber.error(asError(error));
      },
    );
    return () => {
      detach();
      this.#goOn();
    };
  }

  async #run(onUnreadable: (name: string) => void): Promise<void> {
    const dir = await openDirectory(this.#directory);
    try {
      for (;;) {
        const names = await nextNames(dir);
        if (names.length === 0 || this.#subscriber.closed) return;
        await this.#emit(names, onUnreadable);
      }
    } finally {
      await dir.close();
    }
  }

  async #emit(names: readonly string[], onUnreadable: (name: string) => void): Promise<void> {
    const readable = names.filter((name) => !NOT_TEXT.test(name));
    for (const name of names) if (NOT_TEXT.test(name)) onUnreadable(name);
    const entries = await Promise.all(readable.map((name) => localEntry(`${this.#start}${name}`, name)));
    for (const entry of entries) {
      if (this.#gate.held) await this.#opened();
      if (this.#subscriber.closed) return;
      if (entry !== undefined) this.#subscriber.next(entry);
    }
  }

  /** Resolves when the consumer does not hold, or has unsubscribed. */
  async #opened(): Promise<void> {
    while (this.#gate.held && !this.#subscriber.closed) {
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    }
  }
}

/** What comes before the names in `directory`: `''` for the current directory. */
export function startOf(directory: string): string {
  return join(directory, 'a').slice(0, -1);
}

/** Names as bytes: as text, Node replaces what is no UTF-8. */
function openDirectory(path: PathLike): Promise<Dir> {
  return opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: BATCH });
}

async function nextNames(dir: Dir): Promise<string[]> {
  const names: string[] = [];
  while (names.length < BATCH) {
    const found = await dir.read();
    if (found === null) break;
    names.push(decodeUtf8(found.name as unknown as Uint8Array));
  }
  return names;
}

/** The entry of one local file, of a link as a link; undefined if there is none. */
export async function localEntry(path: string, name: string): Promise<FileEntry | undefined> {
  try {
    const found = await lstat(path, { bigint: true });
    return entryOf(name, found, found.isSymbolicLink() ? await readlink(path) : undefined);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Nothing has this path: also if a part of it is a file. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** `unique` is the file's number on its disk. */
export function entryOf(name: string, found: BigIntStats, target: string | undefined): FileEntry {
  return {
    name,
    kind: kindOf(found),
    size: Number(found.size),
    modified: new Date(Number(found.mtimeMs)),
    precision: 'second',
    zoneKnown: true,
    target,
    mode: Number(found.mode & 0o7777n),
    links: Number(found.nlink),
    unique: `${found.dev}:${found.ino}`,
    dialect: 'local',
    raw: '',
  };
}

function kindOf(found: BigIntStats): FileKind {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'symlink' : 'other';
}
