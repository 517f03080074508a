/**
 * `lookup$` emits the entry of one file, or none if there is no such file, on any server.
 *
 * It sends MLST, then LIST of the directory, then CWD and SIZE. Servers refuse missing and forbidden files by the same codes. So "not
 * there" is the answer in two cases only. The server says so in words; or a whole listing lacks the name, and both CWD and SIZE fail.
 */
import type { Observable } from 'rxjs';
import type { Session } from '../../control/session.js';
import { type FtpError, FtpProtocolError, FtpReplyError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Dialect, FileEntry } from '../../protocol/listing/file-entry.js';
import type { ListingLinesOptions } from '../../streams/listing-lines.js';
import { LOOKUP_ALIASES } from '../option-aliases.js';
import { MEASURED } from '../time-zone.js';
import { changed } from './changed-entry.js';
import { EntryRows } from './entry-rows.js';
import { askTime } from './exact-times.js';
import { isOfRights, type LookupAnswer, saysMissing, saysNoDirectory, unasked, undecided } from './lookup-answers.js';
import { askLookupEntry } from './lookup-entry.js';
import { type LookupRows, NameInListing } from './lookup-listing.js';
import { type LookupPath, lookupPath } from './lookup-path.js';
import { LookupProbe } from './lookup-probe.js';
import { mayBeMisread } from './misread-path.js';
import { checked, lineDecoding, type OperationContext, repeatable, task$ } from './operation.js';
import { type OperationOptions, withOptions } from './operation-options.js';
import { wayBack } from './with-undo.js';

export interface LookupOptions extends OperationOptions {
  /** The form of the rows of LIST, if the client uses it. Default: found out from the rows. */
  readonly dialect?: Dialect | undefined;
  /**
   * The zone of the times in LIST: a name such as `Europe/Berlin`, or minutes east of UTC. `'auto'`: MDTM is asked for the time of the file,
   * where LIST does not tell its zone. Default: the client's `timeZone`, else UTC.
   */
  readonly timeZone?: string | number | undefined;
}

const LOOKUP_NAMES: Readonly<Record<keyof LookupOptions, true>> = { dialect: true, timeZone: true, signal: true };

/** The entry of `path`; completes without one if there is no such file. */
export function lookup$(
  context: OperationContext,
  path: string,
  options: LookupOptions | undefined,
): Observable<FileEntry> {
  const entry$ = task$<FileEntry>(context, () => {
    const line = checked(context, 'MLST', path);
    const target = lookupPath(path);
    const { dialect, timeZone = context.settings.timeZone } = options ?? {};
    // It throws for a dialect or a zone that there is none of.
    new EntryRows({ dialect, timeZone, unparsed: 'error', path, clock: context.settings.clock });
    const how = { dialect, timeZone, ...lineDecoding(context) };
    return {
      kind: 'listing',
      ...repeatable(line),
      async work(session, emit, signal) {
        const entry = await new Lookup(session, how, signal).find(target);
        if (entry !== undefined) emit(entry);
      },
    };
  });
  return withOptions(entry$, options, LOOKUP_NAMES, LOOKUP_ALIASES);
}

class Lookup {
  readonly #session: Session;
  readonly #how: LookupRows & ListingLinesOptions;
  readonly #signal: Cancellation;
  #comesBack: Promise<boolean> | undefined;

  constructor(session: Session, how: LookupRows & ListingLinesOptions, signal: Cancellation) {
    this.#session = session;
    this.#how = how;
    this.#signal = signal;
  }

  /** Undefined if there is no such file, or if the subscriber has unsubscribed. Throws if the server tells neither. */
  async find(target: LookupPath): Promise<FileEntry | undefined> {
    const answer = await this.#ask(target);
    if (this.#signal.aborted || answer === 'missing' || answer === 'unlisted') return undefined;
    if ('entry' in answer) return answer.entry;
    throw undecided(target.path, answer.doubts);
  }

  /** A refusal for now is thrown, and so is a lost connection. */
  async #ask(target: LookupPath): Promise<LookupAnswer> {
    const doubts: FtpError[] = [];
    let isUnlisted = false;
    const mayBeForbidden = (): boolean => doubts.some(isOfRights);
    const questions = [
      () => askLookupEntry(this.#session, target),
      async () => {
        const answer = await this.#inParent(target);
        // pyftpdlib says "No such directory" of one in a forbidden directory, after MLST has told of the rights.
        return answer === 'missing' && mayBeForbidden() ? { doubts: [] } : answer;
      },
      () => this.#probe(target, isUnlisted && !mayBeForbidden()),
    ];
    for (const ask of questions) {
      const answer = await ask();
      if (this.#signal.aborted) return 'missing';
      if (answer === 'unlisted') isUnlisted = true;
      else if (answer === 'missing' || 'entry' in answer) return answer;
      else doubts.push(...answer.doubts);
    }
    return { doubts };
  }

  async #inParent({ path, name, parent }: LookupPath): Promise<LookupAnswer> {
    if (parent === undefined) return { doubts: [] };
    // Listing another directory may mean going there, and a session that cannot come back would be lost.
    if (parent.path !== undefined && !(await this.#canComeBack())) return { doubts: [] };
    try {
      const { entry, isNear } = await new NameInListing(this.#session, name).find(parent.path, this.#how, this.#signal);
      if (entry !== undefined) return { entry: await this.#timed(entry, path) };
      const showsAll = !name.startsWith('.') || !this.#session.learned.lacks('LIST -a');
      return showsAll && !isNear ? 'unlisted' : { doubts: [] };
    } catch (error) {
      return this.#withoutListing(error, parent.path);
    }
  }

  /** Of one file, its own MDTM tells more than the zone that others were measured in. */
  async #timed(entry: FileEntry, path: string): Promise<FileEntry> {
    const isExact = entry.modified === undefined || entry.zoneKnown || this.#how.timeZone !== MEASURED;
    if (isExact || this.#signal.aborted || this.#session.learned.lacks('MDTM')) return entry;
    const modified = await askTime(this.#session, path);
    return modified === undefined ? entry : changed(entry, { modified, precision: 'second', zoneKnown: true });
  }

  /** The directory may be missing itself, or be a file. */
  async #withoutListing(error: unknown, path: string | undefined): Promise<LookupAnswer> {
    if (error instanceof FtpProtocolError && error.unparsed.length > 0) return { doubts: [error] };
    if (!(error instanceof FtpReplyError) || error.transient || this.#session.channel.cause !== undefined) throw error;
    if (path === undefined) return { doubts: [error] };
    if (saysMissing(error.reply) || saysNoDirectory(error.reply)) return 'missing';
    const directory = await this.#ask(lookupPath(path));
    if (directory === 'missing' || directory === 'unlisted') return 'missing';
    return 'entry' in directory && directory.entry.kind === 'file' ? 'missing' : { doubts: [error] };
  }

  /** A path that may be misread would be answered for another file. */
  async #probe(target: LookupPath, isUnlisted: boolean): Promise<LookupAnswer> {
    if (mayBeMisread(target.path, this.#session.settings.codec)) {
      return isUnlisted ? 'missing' : { doubts: [unasked(target.path)] };
    }
    const probe = new LookupProbe(this.#session, target, isUnlisted);
    return probe.ask(await this.#canComeBack(), this.#signal);
  }

  #canComeBack(): Promise<boolean> {
    this.#comesBack ??= wayBack(this.#session).then((way) => way.length > 0);
    return this.#comesBack;
  }
}
