/**
 * The file that an upload makes or changes, on the server: what it is called, whether its size is right, and how what a
 * failed upload has left of it is deleted. Nothing is deleted that was there before an APPE or a STOU.
 */

import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { Sent } from '../../data/upload.js';
import { FtpTransferError } from '../../errors.js';
import { command } from '../../protocol/command.js';
import type { Reply } from '../../protocol/reply.js';
import { parseSize } from '../../protocol/size.js';
import { parseStoredName } from '../../protocol/stored-name.js';
import { askSize } from './ask-size.js';
import { requireStartWithin } from './start-check.js';
import type { StorOptions } from './transfer-options.js';

/** Which command stores, and under what path. */
export type Target =
  | { readonly verb: 'STOR' | 'APPE'; readonly path: string }
  | { readonly verb: 'STOU'; readonly path: string | undefined };

export class StoredFile {
  readonly #session: Session;
  readonly #target: Target;
  readonly #options: StorOptions;
  /** What an APPE adds to; undefined where that is not known. */
  #sizeBefore: number | undefined;
  /** An APPE has made it. */
  #isNew = false;
  #preliminary: Reply | undefined;

  constructor(session: Session, target: Target, options: StorOptions) {
    this.#session = session;
    this.#target = target;
    this.#options = options;
  }

  /**
   * Before the command is sent: how long the file is, where its size or its absence will count. A STOR that is to begin beyond its
   * end, and to be verified, is refused; so is one whose end the server does not tell.
   */
  async ask(verify: boolean): Promise<void> {
    const { verb, path } = this.#target;
    const { start = 0 } = this.#options;
    if (verb === 'STOR' && verify && start > 0) await requireStartWithin(this.#session, start, path);
    if (verb !== 'APPE' || !(verify || this.#options.deletePartial === true)) return;
    const sized = await askSize(this.#session, path);
    if (sized === undefined) return;
    if (sized.outcome === 'completion') this.#sizeBefore = parseSize(sized.reply.text);
    else if (sized.reply.code === 550) this.#isNew = true;
    else if (verify) accepted(sized, `SIZE ${path}`);
  }

  /** STOU's preliminary reply may name the file. */
  readonly onBegun = (preliminary: Reply | undefined): void => {
    this.#preliminary = preliminary;
  };

  /** The path for progress: the name that the server chose, where it says so; else what was asked for. */
  pathAfter({ preliminary, final }: Sent): string | undefined {
    if (this.#target.verb !== 'STOU') return this.#target.path;
    return chosenName(this.#session, preliminary) ?? chosenName(this.#session, final) ?? this.#target.path;
  }

  /**
   * SIZE after the transfer (RFC 3659 section 4) must be what was sent: a file of another size is a failed upload. Resolves with
   * false on a server that does not know SIZE. Any other refusal is thrown; nothing is deleted then.
   */
  async verify(done: Sent): Promise<boolean> {
    const { verb, path } = this.#target;
    const name =
      verb === 'STOU' ? (chosenName(this.#session, done.preliminary) ?? chosenName(this.#session, done.final)) : path;
    if (name === undefined) throw unnamed(done);
    const sized = await askSize(this.#session, name);
    if (sized === undefined) return false;
    const size = parseSize(accepted(sized, `SIZE ${name}`).text);
    const expected = (verb === 'APPE' ? (this.#sizeBefore ?? 0) : (this.#options.start ?? 0)) + done.bytes;
    if (size === expected) return true;
    await this.discardPartial();
    throw new FtpTransferError(
      `${verb} ${name} was reported complete, but the file at the server has ${size} bytes where ${expected} were expected.`,
      { command: `${verb} ${name}`, bytes: done.bytes, reply: done.final, transient: false },
    );
  }

  /**
   * What a failed or cancelled upload has left is deleted when the user asked for that. That it is not there is fine, and
   * that it cannot be deleted is less than the reason it is deleted for.
   */
  readonly discardPartial = async (): Promise<void> => {
    if (this.#options.deletePartial !== true || this.#session.channel.cause !== undefined) return;
    const path = this.#target.verb === 'STOU' ? this.#nameGiven() : this.#target.path;
    if (path === undefined) return;
    if (this.#target.verb === 'APPE' && !(await this.#hasBeenMade(path))) return;
    await this.#session.request(command('DELE', path)).catch(() => undefined);
  };

  /** Of a name that cannot be one the upload itself tells; here it only cannot be deleted. */
  #nameGiven(): string | undefined {
    try {
      return chosenName(this.#session, this.#preliminary);
    } catch {
      return undefined;
    }
  }

  /** A file that SIZE refuses after an APPE too may have been there all the time, out of the user's sight. */
  async #hasBeenMade(path: string): Promise<boolean> {
    if (!this.#isNew) return false;
    const sized = await this.#session.request(command('SIZE', path)).catch(() => undefined);
    return sized?.outcome === 'completion';
  }
}

function chosenName(session: Session, reply: Reply | undefined): string | undefined {
  const name = reply && parseStoredName(reply);
  return name === undefined ? undefined : session.pathFrom(name);
}

function unnamed({ bytes, final }: Sent): FtpTransferError {
  return new FtpTransferError(
    'STOU was reported complete, but the server did not say under which name, so that its size cannot be checked.',
    { command: 'STOU', bytes, reply: final, transient: false },
  );
}
