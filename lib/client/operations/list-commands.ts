/** Sends the commands that list one directory, each into the same sink: MLSD, and LIST or STAT. */
import type { Session } from '../../control/session.js';
import { type Downloaded, type DownloadPlan, download } from '../../data/download.js';
import type { Cancellation } from '../../net/cancellation.js';
import { command } from '../../protocol/command.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import type { Gate } from '../../streams/gate.js';
import { withDefaultFacts } from './default-facts.js';
import type { RowForm } from './entry-rows.js';
import { mayBeOfForm, requireListed } from './listing-refusals.js';
import { listPlan, mlsdPlan, notAnOption } from './listings.js';
import { OneLine } from './one-line.js';
import { probePaths } from './path-probe.js';
import { statInto } from './stat-listing.js';
import type { TransferLimits } from './transfer-options.js';

/** The way to list a directory. */
export interface ListWish extends Pick<TransferLimits, 'minRate'> {
  /** The directory, as the user has named it. */
  readonly path: string | undefined;
  readonly hidden: boolean;
  readonly via: 'stat' | undefined;
}

/** The receivers of a listing. */
export interface ListTarget {
  readonly sink: ByteSink;
  readonly gate: Gate;
  readonly signal: Cancellation;
  /** Told which command the bytes to come answer. */
  readonly expect: (form: RowForm) => void;
}

export class ListCommands {
  readonly session: Session;
  readonly wish: ListWish;
  readonly target: ListTarget;
  readonly #listed: OneLine;

  constructor(session: Session, wish: ListWish, target: ListTarget) {
    this.session = session;
    this.wish = wish;
    this.target = target;
    this.#listed = new OneLine(target.sink);
  }

  /** Whether no row was listed: servers say the same of an empty directory and of none. */
  get isEmpty(): boolean {
    return !this.target.signal.aborted && this.#listed.isEmpty;
  }

  /** Whether one row at most was listed. */
  get isShort(): boolean {
    return !this.target.signal.aborted && this.#listed.isShort;
  }

  /** Whether what was listed may be the file `path` itself. */
  mayBeOf(path: string): boolean {
    return !this.target.signal.aborted && this.#listed.mayBeOf(path, this.session.settings.codec.decode);
  }

  /** Passes on the one line that was listed. */
  handOn(): void {
    this.#listed.handOn();
  }

  /** MLSD of the session's own directory, with the default facts. A refusal is thrown. */
  async mlsdHere(): Promise<void> {
    await this.#mlsd();
    this.#listed.handOn();
  }

  /**
   * MLSD of a path. Pure-FTPd takes one with a hyphen for options, if there is no such file, and lists its own directory. One line
   * alone is not passed on: it may be that of the path itself.
   */
  async mlsdOf(path: string): Promise<void> {
    await this.#mlsd(notAnOption(path));
  }

  /** Finds out whether a path can be given to the command. */
  async probe(verb: 'LIST' | 'MLSD', path: string): Promise<void> {
    await probePaths(this.session, verb, path, this.target);
  }

  /** LIST or STAT of a path. One line alone is not passed on: it may be that of the path itself. */
  async listOf(path: string): Promise<void> {
    await this.#list(notAnOption(path));
  }

  /** The same by LIST, with the hidden files, on a server that is known to take that. */
  async listAllOf(path: string): Promise<void> {
    await this.#list(`-a ${notAnOption(path)}`);
  }

  /** LIST or STAT of the session's own directory, with its hidden files if the options ask for them. */
  async listHere(): Promise<void> {
    if ((await this.#listAll()) === undefined) await this.#list(this.wish.via === undefined ? undefined : '.');
    this.#listed.handOn();
  }

  /**
   * With `-a`, which is not standard. Undefined if the server does not know it. Such a server refuses it, or takes it for a name and lists
   * nothing, or the words of `ls`.
   */
  async #listAll(): Promise<number | undefined> {
    const { wish, session, target } = this;
    const verb = wish.via === undefined ? 'LIST' : 'STAT';
    if (!wish.hidden || session.learned.lacks(`${verb} -a`)) return undefined;
    try {
      const bytes = await this.#list(wish.via === undefined ? '-a' : '-a .');
      if (target.signal.aborted) return 0;
      return this.#listed.isEmpty || this.#listed.isOfDashA ? undefined : bytes;
    } catch (error) {
      if (!mayBeOfForm(error)) throw error;
      session.fallBack(`${verb} -a`, verb, error.reply);
      return undefined;
    }
  }

  async #mlsd(path?: string): Promise<void> {
    this.target.expect('MLSD');
    this.#listed.drop();
    await withDefaultFacts(this.session, () => this.#download(mlsdPlan(command('MLSD', path))));
    this.session.learned.prove('MLSD');
  }

  async #list(argument: string | undefined): Promise<number | undefined> {
    this.target.expect('LIST');
    this.#listed.drop();
    if (this.wish.via === 'stat') return statInto(this.session, command('STAT', argument), this.#listed);
    return (await this.#download(listPlan(this.session, command('LIST', argument))))?.bytes;
  }

  async #download(plan: DownloadPlan): Promise<Downloaded | undefined> {
    const { gate, signal } = this.target;
    const { path = '', minRate } = this.wish;
    const whole = { ...plan, path, minRate };
    const done = await download(this.session, whole, this.#listed, gate, signal).catch((error: unknown) => {
      this.#listed.handOn();
      throw error;
    });
    if (done?.reply !== undefined) requireListed(plan.command.masked, done.reply);
    return done;
  }
}
