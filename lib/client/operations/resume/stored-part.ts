/**
 * Tells how much of an upload the server has stored, for the next try.
 *
 * SIZE counts only as the size of the bytes that this upload has stored. So it counts after a STOR that got its 1yz, up to the bytes that
 * the socket took. It does not count if it equals the answer before the first STOR. A server may show the old file until the new one is
 * complete (HiddenStores of ProFTPD). It may also show a file of another program.
 */
import { accepted, type FinalReply } from '../../../control/request.js';
import type { Session } from '../../../control/session.js';
import { parseSize } from '../../../protocol/size.js';
import { askSize } from '../ask-size.js';

/** The answer to SIZE before the first STOR. */
type SizeBefore = number | 'no file' | 'not told';

export class StoredPart {
  readonly #path: string;
  /** The offset in the remote file where the source begins. */
  readonly #start: number;
  #before: SizeBefore | undefined;
  /** A STOR of this upload has got its 1yz. */
  #hasBegun = false;
  /** So much of the source the socket took, since it was last begun anew. */
  #taken = 0;
  /** The end of an earlier STOR is not known. */
  #mayBeWriting = false;
  /** The server cannot continue a file, as earlier replies show. */
  #mustBeginAnew = false;

  constructor(path: string, start: number) {
    this.#path = path;
    this.#start = start;
  }

  /**
   * A STOR from this byte of the source on got its 1yz. A STOR may empty the file while the server still writes bytes of an earlier one.
   * That leaves a hole between the two, which SIZE does not show.
   */
  begun(offset: number): void {
    if (offset === 0 && this.#mayBeWriting) this.#mustBeginAnew = true;
    this.#hasBegun = true;
    this.#taken = offset === 0 ? 0 : Math.max(this.#taken, offset);
  }

  /** The socket has taken the source up to this byte. */
  took(position: number): void {
    this.#taken = Math.max(this.#taken, position);
  }

  /**
   * The session was lost before any reply to a STOR from this byte on. The server may begin it late, during a later try. A STOR from the
   * first byte would then empty the file, and SIZE would not show the hole.
   */
  unanswered(offset: number): void {
    if (offset === 0) this.#mustBeginAnew = true;
  }

  /** The session was lost: the server may still write what it has of the last STOR. */
  lost(): void {
    this.#mayBeWriting = this.#hasBegun;
  }

  /** The server's REST with STOR is not reliable, or is refused. */
  beginAnew(): void {
    this.#mustBeginAnew = true;
  }

  /** From which byte of the source the next try goes on. A refusal of SIZE for now is thrown. */
  async ask(session: Session): Promise<number> {
    const sized = await askSize(session, this.#path);
    if (this.#before === undefined) {
      this.#before = sizeBefore(sized);
      return 0;
    }
    if (sized?.outcome === 'refusal' && sized.reply.class === 4) accepted(sized, `SIZE ${this.#path}`);
    if (sized?.outcome !== 'completion' || session.profile.spoilsRestart === true) return 0;
    return this.#offsetFor(parseSize(sized.reply.text));
  }

  #offsetFor(size: number): number {
    const offset = size - this.#start;
    const isOurs =
      this.#hasBegun && offset >= 0 && offset <= this.#taken && this.#before !== 'not told' && size !== this.#before;
    return isOurs && !this.#mustBeginAnew ? offset : 0;
  }
}

/** Servers say by 550 that there is no such file. */
function sizeBefore(sized: FinalReply | undefined): SizeBefore {
  if (sized === undefined) return 'not told';
  if (sized.outcome === 'completion') return parseSize(sized.reply.text);
  return sized.reply.code === 550 ? 'no file' : 'not told';
}
