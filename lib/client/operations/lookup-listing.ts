/** Finds one file in the listing of its directory: the entry of exactly that name. */
import { Subject } from 'rxjs';
import type { Session } from '../../control/session.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { Gate } from '../../streams/gate.js';
import { eachListingLine, type ListingLinesOptions } from '../../streams/listing-lines.js';
import { EntryRows, type RowsOptions } from './entry-rows.js';
import { ListCommands } from './list-commands.js';
import { DirectoryLister } from './list-directory.js';

/** The rules for reading the rows. */
export type LookupRows = Pick<RowsOptions, 'dialect' | 'timeZone'>;

/** The entries of one name in a complete listing. */
export interface Listed {
  readonly entry: FileEntry | undefined;
  /** An entry has this name but for blanks at its ends, which some listings do not keep. */
  readonly isNear: boolean;
}

const READ_BYTES = 64 * 1024;

/** Lists `directory`, or the session's own, and keeps one entry of it. Errors as a listing does, also for a row that is not understood. */
export class NameInListing {
  readonly #session: Session;
  readonly #name: string;
  #entry: FileEntry | undefined;
  #isNear = false;

  constructor(session: Session, name: string) {
    this.#session = session;
    this.#name = name;
  }

  async find(
    directory: string | undefined,
    how: LookupRows & ListingLinesOptions,
    signal: Cancellation,
  ): Promise<Listed> {
    const { dialect, timeZone, decode } = how;
    const rows = new EntryRows({
      dialect,
      timeZone,
      unparsed: 'error',
      path: directory,
      clock: this.#session.settings.clock,
    });
    const bytes = new Subject<Uint8Array>();
    let failure: { readonly error: unknown } | undefined;
    const read = eachListingLine<FileEntry>({ decode }, () => rows.into((entry) => this.#take(entry)));
    const reading = read(bytes).subscribe({ error: (error: unknown) => (failure = { error }) });
    try {
      const target = { sink: sinkInto(bytes), gate: new Gate(), signal, expect: rows.expect.bind(rows, this.#session) };
      const wish = { path: directory, hidden: this.#name.startsWith('.'), via: undefined };
      await new DirectoryLister(new ListCommands(this.#session, wish, target)).list(directory);
      if (!signal.aborted) bytes.complete();
    } finally {
      reading.unsubscribe();
    }
    if (failure !== undefined && this.#entry === undefined) throw failure.error;
    return { entry: this.#entry, isNear: this.#isNear };
  }

  /** The known servers list a name with all its blanks. */
  get #mayLoseBlanks(): boolean {
    return this.#session.profile.keepsNames !== true;
  }

  /** Two files of one name are one: the first is taken. */
  #take(entry: FileEntry): void {
    if (entry.name === this.#name) this.#entry ??= entry;
    else if (this.#mayLoseBlanks && entry.name.trim() === this.#name.trim()) this.#isNear = true;
  }
}

/** If the end of a chunk cuts a line, its beginning is copied. So the memory of the reads is not passed on. */
function sinkInto(bytes: Subject<Uint8Array>): ByteSink {
  const memory = new Uint8Array(READ_BYTES);
  return {
    buffer: () => memory,
    write: (chunk) => bytes.next(new Uint8Array(chunk)),
    complete() {},
    error() {},
  };
}
