/**
 * Holds the file that an upload makes or changes: its name, its size check, and its deletion after a failed upload. It deletes no file that
 * existed before an APPE or a STOU.
 */

import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { Sent } from '../../data/upload.js';
import { FtpTransferError, FtpUnsupportedError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import type { Reply } from '../../protocol/reply.js';
import { parseSize } from '../../protocol/size.js';
import { parseStoredName } from '../../protocol/stored-name.js';
import { askSize } from './ask-size.js';
import type { HashProof } from './hash-proof.js';
import { requireStartWithin } from './start-check.js';
import type { StorOptions } from './transfer-options.js';

/** Which command stores, and under what path. */
export type UploadTarget =
  | { readonly verb: 'STOR' | 'APPE'; readonly path: string }
  | { readonly verb: 'STOU'; readonly path: string | undefined };

export class StoredFile {
  readonly #session: Session;
  readonly #target: UploadTarget;
  readonly #options: StorOptions;
  /** The size before an APPE; undefined if it is not known. */
  #sizeBefore: number | undefined;
  /** An APPE has made it. */
  #isNew = false;
  #preliminary: Reply | undefined;

  constructor(session: Session, target: UploadTarget, options: StorOptions) {
    this.#session = session;
    this.#target = target;
    this.#options = options;
  }

  /**
   * Before the command is sent: how long the file is, if its size or its absence will count. A verified STOR beyond the end is refused. So
   * is one if the server does not tell the end.
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

  /** The path for progress: the name that the server chose, if it says so; else what was asked for. */
  pathAfter({ preliminary, final }: Sent): string | undefined {
    if (this.#target.verb !== 'STOU') return this.#target.path;
    return chosenName(this.#session, preliminary) ?? chosenName(this.#session, final) ?? this.#target.path;
  }

  /** The offset in the file where the sent bytes begin. Throws FtpUnsupportedError for an APPE to a file whose size is not told. */
  requireOffset(): number {
    const { verb, path } = this.#target;
    if (verb !== 'APPE') return this.#options.start ?? 0;
    if (this.#isNew) return 0;
    if (this.#sizeBefore !== undefined) return this.#sizeBefore;
    throw new FtpUnsupportedError(
      `APPE ${path} cannot be verified by a checksum: the server does not know SIZE, which tells where the new part begins. Nothing was stored.`,
    );
  }

  /** The name under which the upload stands. Throws FtpTransferError if no reply to STOU has told it. */
  requireName(done: Sent): string {
    const { verb, path } = this.#target;
    const name =
      verb === 'STOU' ? (chosenName(this.#session, done.preliminary) ?? chosenName(this.#session, done.final)) : path;
    if (name === undefined) throw unnamed(done);
    return name;
  }

  /**
   * The server's checksum must be that of the sent bytes. Of a part of the file, its size is checked too. Resolves with undefined when the
   * user has unsubscribed.
   */
  async verifyHash(done: Sent, proof: HashProof, signal: Cancellation): Promise<VerifiedBy | undefined> {
    const path = this.requireName(done);
    const { bytes } = done;
    const start = this.requireOffset();
    const bySize = start > 0 ? await this.verifySize(done) : undefined;
    if (start > 0 && bytes === 0) return bySize;
    const range = start > 0 ? { start, end: start + bytes } : undefined;
    const moved = { command: `${this.#target.verb} ${path}`, path, range, bytes, transient: false };
    const found = await proof.compare(moved, signal);
    if (!(found instanceof FtpTransferError)) return found ?? bySize;
    await this.discardPartial();
    throw found;
  }

  /**
   * SIZE after the transfer (RFC 3659 section 4) must equal the sent bytes. A file of another size is a failed upload. Resolves with
   * undefined on a server that does not know SIZE. Any other refusal is thrown; nothing is deleted then.
   */
  async verifySize(done: Sent): Promise<'size' | undefined> {
    const name = this.requireName(done);
    const sized = await askSize(this.#session, name);
    if (sized === undefined) return undefined;
    return this.#requireSize(parseSize(accepted(sized, `SIZE ${name}`).text), name, { done, transient: false });
  }

  /**
   * The same, if an earlier STOR was not answered: begun late, it has emptied the file. That passes, so the upload may be repeated.
   * A server that refuses to tell the size proves nothing.
   */
  async verifyNotEmptied(done: Sent): Promise<'size' | undefined> {
    const name = this.requireName(done);
    const sized = await askSize(this.#session, name);
    if (sized === undefined || (sized.outcome === 'refusal' && sized.reply.class === 5)) return undefined;
    return this.#requireSize(parseSize(accepted(sized, `SIZE ${name}`).text), name, { done, transient: true });
  }

  async #requireSize(
    size: number,
    name: string,
    { done, transient }: { readonly done: Sent; readonly transient: boolean },
  ): Promise<'size'> {
    const { verb } = this.#target;
    const expected = (verb === 'APPE' ? (this.#sizeBefore ?? 0) : (this.#options.start ?? 0)) + done.bytes;
    if (size === expected) return 'size';
    await this.discardPartial();
    throw new FtpTransferError(
      `${verb} ${name} was reported complete, but the file at the server has ${size} bytes where ${expected} were expected.`,
      { command: `${verb} ${name}`, bytes: done.bytes, reply: done.final, transient },
    );
  }

  /**
   * Deletes the rest of a failed or cancelled upload if the user has set that. A missing file is fine, and a failed deletion matters less
   * than the reason for it.
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

  /** If SIZE refuses a file after an APPE too, the file may have existed all the time, out of the user's sight. */
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
    'STOU was reported complete, but the server did not say under which name, so that it cannot be checked.',
    { command: 'STOU', bytes, reply: final, transient: false },
  );
}
