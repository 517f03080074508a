/** Reads and writes a tree on a server, by the public operations. */
import { firstValueFrom, ignoreElements, lastValueFrom, type Observable } from 'rxjs';
import type { FtpOperations } from '../../client/ftp-operations.js';
import { partsOf, type ShortOperations, undoing } from '../../client/parts.js';
import { FtpReplyError, FtpUsageError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { collectBytes } from '../../streams/collect-bytes.js';
import { listing } from '../../streams/listing.js';
import { isRefusedForGood } from '../ask.js';
import { tellLinks } from './links-as-directories.js';
import { type NameRules, remoteNames } from './names.js';
import { type RemotePlace, remote } from './place.js';
import { isRemoteDirectory, until } from './remote-kind.js';
import type { ListOptions, TreePlace } from './tree-place.js';

export class RemoteTree implements TreePlace {
  readonly side = 'remote';
  readonly names: NameRules = remoteNames;
  /** RFC 959 has no command for links. */
  readonly makesLinks = false;
  readonly ftp: FtpOperations;
  /** The operations that are no transfers. */
  readonly short: ShortOperations;
  readonly #root: string;

  /** @param isPart whether transfers belong to the same work: no session is kept free from them for its commands. */
  constructor(
    { ftp, directory }: RemotePlace,
    isPart: boolean = false,
    short: ShortOperations = isPart ? partsOf(ftp) : ftp,
  ) {
    this.ftp = ftp;
    this.short = short;
    this.#root = directory;
  }

  /** The tree whose root is `path`. */
  below(path: string): RemoteTree {
    return new RemoteTree(remote(this.ftp, this.at(path)), false, this.short);
  }

  /** The same tree, for operations that undo what larger work has done: a client that drains admits them. */
  undoing(): RemoteTree {
    return new RemoteTree(remote(this.ftp, this.#root), false, undoing(this.short));
  }

  /** A path below the current directory begins with `./`, so that a name such as `-R` is no option, and `~a` no home. */
  at(path: string): string {
    if (path === '') return this.#root === '' ? '.' : this.#root;
    if (this.#root === '') return `./${path}`;
    return this.#root.endsWith('/') ? `${this.#root}${path}` : `${this.#root}/${path}`;
  }

  list(path: string, { signal }: ListOptions = {}): Observable<FileEntry> {
    const directory = path === '' && this.#root === '' ? undefined : this.at(path);
    const rows = (): Observable<FileEntry> => this.short.list$(directory, until(signal)).pipe(listing());
    return this.short.entries$(directory, { hidden: true, ...until(signal) }).pipe(tellLinks(rows));
  }

  stat(path: string, signal?: AbortSignal): Promise<FileEntry | undefined> {
    return lastValueFrom(this.short.lookup$(this.at(path), until(signal)), { defaultValue: undefined });
  }

  /** Servers differ in the facts that they give for the name of a link. A path that CWD can enter is a directory. */
  async follow(path: string, entry: FileEntry, signal?: AbortSignal): Promise<FileEntry> {
    const at = this.at(path);
    if (await isRemoteDirectory(this.short, at, signal)) return { ...entry, kind: 'directory', size: undefined };
    const size = await refusedAs(undefined, firstValueFrom(this.short.size$(at, until(signal))));
    if (size === undefined) return entry;
    const modified = await refusedAs(undefined, firstValueFrom(this.short.mdtm$(at, until(signal))));
    const time = { modified, precision: modified === undefined ? 'none' : 'second', zoneKnown: modified !== undefined };
    return { ...entry, kind: 'file', size, ...(time as Pick<FileEntry, 'modified' | 'precision' | 'zoneKnown'>) };
  }

  makeDirectory(path: string, signal?: AbortSignal): Promise<void> {
    return done(this.short.mkd$(this.at(path), until(signal)));
  }

  removeDirectory(path: string, signal?: AbortSignal): Promise<void> {
    return done(this.short.rmd$(this.at(path), until(signal)));
  }

  removeFile(path: string, signal?: AbortSignal): Promise<void> {
    return done(this.short.dele$(this.at(path), until(signal)));
  }

  rename(from: string, to: string, signal?: AbortSignal): Promise<void> {
    return done(this.short.rename$(this.at(from), this.at(to), until(signal)));
  }

  setTime(path: string, date: Date, signal?: AbortSignal): Promise<void> {
    return done(this.short.mfmt$(this.at(path), date, until(signal)));
  }

  setMode(path: string, mode: number, signal?: AbortSignal): Promise<void> {
    return done(this.short.chmod$(this.at(path), mode, until(signal)));
  }

  async readSmall(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const found = await this.stat(path, signal);
    if (found === undefined) return undefined;
    // One byte more tells whether it goes on: the size in the listing may be another.
    const bytes$ = this.ftp.retr$(this.at(path), { end: maxBytes + 1, verify: false, ...until(signal) });
    const bytes = await firstValueFrom(bytes$.pipe(collectBytes()));
    if (bytes.length > maxBytes) throw new FtpUsageError(`${this.at(path)} is longer than ${maxBytes} bytes.`);
    return bytes;
  }

  writeSmall(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return done(this.ftp.stor$(this.at(path), bytes, { verify: 'size', ...until(signal) }));
  }
}

function done(operation$: Observable<unknown>): Promise<void> {
  return lastValueFrom(operation$.pipe(ignoreElements()), { defaultValue: undefined });
}

/** `value` if the server refuses for good. */
async function refusedAs<T, V>(value: V, answer: Promise<T>): Promise<T | V> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof FtpReplyError && isRefusedForGood(error)) return value;
    throw error;
  }
}
