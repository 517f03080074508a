/**
 * Defines an open place: the interface to one side, local or remote, that recipes on trees need. Paths are relative, with `/`; `''` is the
 * root.
 */
import type { Observable } from 'rxjs';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import type { NameRules } from './names.js';

export interface TreePlace {
  readonly side: 'local' | 'remote';
  /** The whole path on this side, for operations and messages: `download$`, `upload$` and others take it. */
  at(path: string): string;
  /** The names that this side can have. */
  readonly names: NameRules;
  /** Symbolic links can be made here. */
  readonly makesLinks: boolean;

  /**
   * The entries of one directory, dotfiles too, each as it comes. It errors behind its last entry if the listing is incomplete. A name that
   * cannot be read here is not emitted: `onUnreadable` receives it.
   */
  list(path: string, options?: ListOptions): Observable<FileEntry>;
  /** The entry of a file, of a link as a link; undefined if there is none. */
  stat(path: string, signal?: AbortSignal): Promise<FileEntry | undefined>;
  /** The target of the link `path`, under the link's name; `entry` itself if there is none. */
  follow(path: string, entry: FileEntry, signal?: AbortSignal): Promise<FileEntry>;
  /** Makes one directory, whose parent is there. */
  makeDirectory(path: string, signal?: AbortSignal): Promise<void>;
  /** Removes an empty directory. */
  removeDirectory(path: string, signal?: AbortSignal): Promise<void>;
  /** Removes a file, or a link itself. */
  removeFile(path: string, signal?: AbortSignal): Promise<void>;
  /** Renames within the tree. A local one replaces a file; many servers refuse that. */
  rename(from: string, to: string, signal?: AbortSignal): Promise<void>;
  setTime(path: string, date: Date, signal?: AbortSignal): Promise<void>;
  /** Sets the permissions, `0o777` at most; never those of a local link's target. */
  setMode(path: string, mode: number, signal?: AbortSignal): Promise<void>;
  /** A small file: errors above `maxBytes`. Undefined if there is none. */
  readSmall(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Writes a small file in place; a local one must not be there. */
  writeSmall(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Receives a local name that is no text: bytes that are not UTF-8 appear as U+DC80 to U+DCFF. */
  readonly onUnreadable?: ((name: string) => void) | undefined;
}
