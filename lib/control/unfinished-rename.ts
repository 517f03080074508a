/**
 * Tracks a rename between RNFR and RNTO. After RNFR ProFTPD answers 501 to any command but RNTO, for as long as the session lasts. So the
 * session takes back an RNFR without its RNTO before the next work, also an RNFR of `send$`.
 *
 * If RNTO is written with its RNFR, no rename is unfinished when RNFR is answered. An older RNFR that the server still keeps must be
 * ended before, also one whose RNTO was refused. If the new RNFR is refused, its RNTO would rename the older file.
 */
import { FtpConnectionError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { type Command, command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';
import { notBegun } from './lease-runner.js';
import { accepted, type FinalReply } from './request.js';
import type { Session } from './session.js';
import type { LeasedWork } from './task-runner.js';

/** An RNFR that the server has taken. */
interface Begun {
  /** Renames the file to its present name. */
  readonly back: Command;
  /** It is not certain that the reply was RNFR's. */
  readonly doubtful: boolean;
}

/** "Bad sequence of commands". */
const NO_RNFR = 503;

/** Renames the file of this RNFR to its present name. */
function backTo({ line, verb }: Command): Command {
  return command('RNTO', line.slice(verb.length + 1));
}

export class UnfinishedRename {
  readonly #session: Session;
  #begun: Begun | undefined;
  /** The last RNFR, while no RNTO was sent behind it. */
  #alone: Command | undefined;
  #kept: Command | undefined;
  /** To the present name of the last file whose RNFR was taken. */
  #last: Command | undefined;
  #takingBack: Promise<void> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The command that ends a rename which the server may still keep, and changes nothing: RNTO to the file's own name. */
  get endOfKept(): Command | undefined {
    return this.#kept;
  }

  /** A command is sent: RNTO ends the rename, with any result. */
  sent(sent: Command): void {
    if (sent.verb === 'RNFR') this.#alone = sent;
    if (sent.verb === 'RNTO') this.#alone = this.#begun = this.#kept = undefined;
  }

  answered(sent: Command, final: FinalReply): void {
    if (sent.verb === 'RNFR') this.#answeredFrom(sent, final);
    else if (sent.verb === 'RNTO') this.#answeredTo(final.reply);
  }

  #answeredFrom(sent: Command, { reply, odd = false }: FinalReply): void {
    if (reply.class >= 4) return;
    this.#last = backTo(sent);
    if (sent !== this.#alone) return;
    this.#begun = { back: this.#last, doubtful: odd };
    this.#kept = this.#last;
  }

  /** The server may still keep a rename whose RNTO it has refused, unless it says that there is none. */
  #answeredTo({ class: kind, code }: Reply): void {
    if (kind < 4 || code === NO_RNFR) this.#last = undefined;
    else if (this.#session.profile.endsRefusedRenames !== true) this.#kept = this.#last;
  }

  /** No rename was begun, or it has ended. */
  get isOver(): boolean {
    return this.#begun === undefined && this.#takingBack === undefined;
  }

  /** Runs work that is not the RNTO of a rename that was begun. */
  before(work: LeasedWork, signal: Cancellation): Promise<void> {
    return this.isOver ? work(this.#session, signal) : this.#runAfter(work, signal);
  }

  async #runAfter(work: LeasedWork, signal: Cancellation): Promise<void> {
    await this.takeBack();
    if (signal.aborted) throw notBegun(signal.reason);
    await work(this.#session, signal);
  }

  /** Ends the rename without its RNTO; simultaneous callers wait for the same end. */
  takeBack(): Promise<void> {
    this.#takingBack ??= this.#takeBack().finally(() => {
      this.#takingBack = undefined;
    });
    return this.#takingBack;
  }

  /**
   * A server that its greeting does not name is asked NOOP first: only one that refuses that waits for RNTO, and another
   * might delete what the name stands for.
   */
  async #takeBack(): Promise<void> {
    if (this.#begun === undefined) return;
    const { back, doubtful } = this.#begun;
    const { profile, channel } = this.#session;
    const { keepsRename } = profile;
    if (keepsRename !== true && doubtful) channel.fenceBeforeNext();
    const ends = keepsRename === true || (keepsRename === undefined && !doubtful && (await this.#isAwaited()));
    if (ends) await this.#rename(back, doubtful);
    this.#begun = undefined;
  }

  async #isAwaited(): Promise<boolean> {
    const { outcome, reply } = await this.#session.request(command('NOOP'));
    return outcome === 'refusal' && (reply.code === 501 || reply.code === 503);
  }

  async #rename(back: Command, doubtful: boolean): Promise<void> {
    const session = this.#session;
    try {
      accepted(await session.request(back, { doubtful }), back.masked);
    } catch (cause) {
      // The next command may not get its own answer.
      session.channel.close(
        new FtpConnectionError('RNFR had no RNTO and could not be taken back; the connection was given up.', {
          channel: 'control',
          phase: 'abort',
          command: back.masked,
          transient: true,
          cause,
        }),
      );
    }
  }
}
