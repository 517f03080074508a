/**
 * Lists one directory: by MLSD if the server has it, else by LIST; or by STAT.
 *
 * It gives these commands a path only if the server takes it for one directory, by its greeting or by a probe. Otherwise the session
 * changes into the directory, lists it without a path, and leaves it again. The reason lies in LIST or MLSD of some servers. It ignores its
 * argument, ends a name at a blank, or takes a name for a pattern.
 */
import type { Session } from '../../control/session.js';
import { FtpReplyError, FtpTransferError } from '../../errors.js';
import { isUnknownCommand } from '../../protocol/reply.js';
import type { ListCommands } from './list-commands.js';
import { isNotImplemented, mayBeEmpty, mayBeOfForm, saysNoFiles } from './listing-refusals.js';
import { mayBeMisread, mayLeadElsewhere } from './misread-path.js';
import { refusedListing, requireDirectory } from './own-entry.js';
import { type PathTrust, pathTrust, usesMlsd } from './path-trust.js';
import { inDirectory, requireArrival, requireOwnDirectory, wayBack } from './with-undo.js';

export class DirectoryLister {
  readonly #session: Session;
  readonly #commands: ListCommands;
  readonly #andThen: (() => Promise<void>) | undefined;
  /** The refusal that says that there are no files. */
  #saidEmpty: FtpReplyError | undefined;

  /** `andThen` runs in the directory, after its listing. */
  constructor(commands: ListCommands, andThen?: () => Promise<void>) {
    this.#session = commands.session;
    this.#commands = commands;
    this.#andThen = andThen;
  }

  /** Lists `path`, or the session's own directory. Throws FtpReplyError for a path that is no directory, or cannot be listed. */
  async list(path: string | undefined): Promise<void> {
    await this.#session.settled;
    if (path === undefined) return this.#ownDirectory();
    const trust = this.#andThen === undefined ? pathTrust(this.#session, this.#commands.wish, path) : 'none';
    if (trust === 'none') return this.#within(path);
    if (trust === 'probe') return this.#probe(path);
    return this.#usesMlsd ? this.#byMlsd(path, trust) : this.#byList(path, trust);
  }

  get #verb(): 'MLSD' | 'LIST' {
    return this.#usesMlsd ? 'MLSD' : 'LIST';
  }

  get #usesMlsd(): boolean {
    return usesMlsd(this.#session, this.#commands.wish);
  }

  /** The client remembers the result of the probe, and needs none the second time. */
  async #probe(path: string): Promise<void> {
    await this.#commands.probe(this.#verb, path);
    if (!this.#commands.target.signal.aborted) await this.list(path);
  }

  /** Also if the session cannot come back, and is lost. */
  #mustBeEntered(path: string): boolean {
    const { hidden } = this.#commands.wish;
    return this.#andThen !== undefined || hidden || this.#usesMlsd || mayBeMisread(path, this.#session.settings.codec);
  }

  /** The session's own directory may have been removed since the session went into it: CWD shows whether it is there. */
  async #ownDirectory(): Promise<void> {
    await this.#here();
    if (this.#commands.isEmpty) await requireOwnDirectory(this.#session, this.#saidEmpty);
  }

  /** Lists the directory that the session is in. */
  async #here(): Promise<void> {
    await (this.#usesMlsd ? this.#mlsdHere() : this.#listHere());
    if (!this.#commands.target.signal.aborted) await this.#andThen?.();
  }

  /** Lists from within. If CWD cannot enter the directory, `refusal` is the error: that of the command with its path. */
  async #within(path: string, refusal?: FtpReplyError): Promise<void> {
    let entered = false;
    const list = async (): Promise<void> => {
      entered = true;
      if (mayLeadElsewhere(this.#session, path)) await requireArrival(this.#session, path);
      await this.#here();
    };
    const back = await wayBack(this.#session);
    if (back.length === 0 && refusal === undefined && !this.#mustBeEntered(path)) return this.#byList(path, 'known');
    try {
      await inDirectory(this.#session, path, list, back);
    } catch (error) {
      if (entered || !(error instanceof FtpReplyError)) throw await this.#refused(path, error);
      if (refusal !== undefined || !isUnknownCommand(error.reply)) throw await this.#refused(path, refusal ?? error);
      await this.#commands.listOf(path);
      this.#commands.handOn();
    }
  }

  async #byMlsd(path: string, trust: PathTrust): Promise<void> {
    try {
      await this.#commands.mlsdOf(path);
    } catch (error) {
      if (!mayBeOfForm(error)) throw await this.#refused(path, error);
      return this.#mlsdRefused(path, error);
    }
    // ProFTPD, Pure-FTPd and pyftpdlib list the files of a directory, and nothing else.
    const again = trust === 'known' ? undefined : (): Promise<void> => this.#mlsdHere();
    await this.#settleRows(path, trust, again);
  }

  /** Handles a listing by a path. If it has one row, nothing was passed on yet. `again` lists it from within. */
  async #settleRows(path: string, trust: PathTrust, again?: () => Promise<void>): Promise<void> {
    const { isEmpty, isShort } = this.#commands;
    if (trust === 'found' && !isShort && !this.#commands.target.signal.aborted)
      this.#session.learned.prove(`${this.#verb} path rows`);
    // vsftpd and Pure-FTPd list a directory that does not exist as an empty one: only CWD tells the two apart.
    if (isEmpty) await this.#requireEntrance(path, trust === 'found' ? again : undefined);
    // vsftpd lists a directory that it may not read as a file: by its own row. Other servers list any directory so.
    else if (this.#commands.mayBeOf(path)) await requireDirectory(this.#session, path, again);
    // The row may be its own under another name than in `path`, which may end with `..`.
    else if (trust === 'found' && isShort) await this.#requireEntrance(path, again);
    this.#commands.handOn();
    if (isEmpty && !this.#commands.isEmpty) this.#doWithoutPaths();
  }

  #doWithoutPaths(refusal?: FtpReplyError): void {
    this.#session.fallBack(`${this.#verb} path`, `${this.#verb} in the directory`, refusal?.reply);
  }

  async #mlsdRefused(path: string, error: FtpReplyError): Promise<void> {
    if (isNotImplemented(error.reply)) {
      this.#session.fallBack('MLSD', 'LIST', error.reply);
      return this.list(path);
    }
    await this.#within(path, error);
    if (this.#usesMlsd) this.#doWithoutPaths(error);
  }

  async #byList(path: string, trust: PathTrust): Promise<void> {
    const { hidden } = this.#commands.wish;
    try {
      await (hidden ? this.#commands.listAllOf(path) : this.#commands.listOf(path));
    } catch (error) {
      // CWD distinguishes a path that is no directory from an unreadable directory.
      const isBroken = error instanceof FtpTransferError && this.#isRefusedLate(error);
      if (isBroken || (error instanceof FtpReplyError && error.reply.class < 4)) {
        await this.#requireEntrance(path);
        throw error;
      }
      if (!mayBeOfForm(error) && !mayBeEmpty(error)) throw await this.#refused(path, error);
      await this.#within(path, error);
      if (!saysNoFiles(error.reply)) this.#doWithoutPaths(error);
      return;
    }
    await this.#settleRows(path, trust, () => this.#listHere());
  }

  /** ProFTPD says of `LIST -a` that the path is not there (450) when it has begun the listing. */
  #isRefusedLate({ bytes, reply }: FtpTransferError): boolean {
    return bytes === 0 && reply !== undefined && reply.class >= 4 && this.#session.channel.cause === undefined;
  }

  /** By MLSD, or by LIST if the server names MLSD and lacks it, which the client remembers. */
  async #mlsdHere(): Promise<void> {
    try {
      await this.#commands.mlsdHere();
    } catch (error) {
      if (!mayBeOfForm(error)) throw error;
      if (isNotImplemented(error.reply)) this.#session.fallBack('MLSD', 'LIST', error.reply);
      else if (this.#session.learned.isProven('MLSD')) throw error;
      await this.#listInstead(error);
    }
  }

  /** LIST after MLSD was refused, whose refusal stands where LIST is refused too. */
  async #listInstead(refusal: FtpReplyError): Promise<void> {
    try {
      await this.#listHere();
    } catch (error) {
      throw error instanceof FtpReplyError ? refusal : error;
    }
    if (!saysNoFiles(refusal.reply)) this.#session.fallBack('MLSD', 'LIST', refusal.reply);
  }

  /** A directory that is there, and of which the server says that it has no files, is empty. */
  async #listHere(): Promise<void> {
    try {
      await this.#commands.listHere();
    } catch (error) {
      if (!mayBeEmpty(error)) throw error;
      this.#saidEmpty = error;
    }
  }

  /** Throws if CWD does not enter `path`; runs `work` in it otherwise. */
  async #requireEntrance(path: string, work: () => Promise<void> = async () => {}): Promise<void> {
    try {
      await inDirectory(this.#session, path, work);
    } catch (error) {
      throw await this.#refused(path, error);
    }
  }

  #refused(path: string, error: unknown): Promise<unknown> {
    return refusedListing(this.#session, path, this.#commands.target.signal, error);
  }
}
