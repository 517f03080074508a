/** Learns from CWD and SIZE whether a path is a directory, a file, or nothing, if MLST and the listing do not tell. */

import { accepted, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpReplyError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { FileEntry, FileKind } from '../../protocol/listing/file-entry.js';
import { parseSize } from '../../protocol/size.js';
import { askSize } from './ask-size.js';
import { isOfRights, type LookupAnswer, saysMissing } from './lookup-answers.js';
import type { LookupPath } from './lookup-path.js';
import { inDirectory } from './with-undo.js';

export class LookupProbe {
  readonly #session: Session;
  readonly #target: LookupPath;
  readonly #isUnlisted: boolean;

  /** `isUnlisted`: it is not in the whole listing of its directory. */
  constructor(session: Session, target: LookupPath, isUnlisted: boolean) {
    this.#session = session;
    this.#target = target;
    this.#isUnlisted = isUnlisted;
  }

  /** The client omits CWD if the session `canComeBack` no more from there. A refusal for now is thrown. */
  async ask(canComeBack: boolean, signal: Cancellation): Promise<LookupAnswer> {
    const entered = canComeBack ? await this.#enter() : undefined;
    if (entered === 'entered') return { entry: this.#entry('directory', `CWD ${this.#target.path}`) };
    if (signal.aborted || this.#target.parent === undefined) return this.#decide(entered, undefined);
    const sized = await askSize(this.#session, this.#target.path);
    if (sized === undefined) return this.#decide(entered, undefined);
    const command = `SIZE ${this.#target.path}`;
    if (sized.outcome === 'refusal') return this.#decide(entered, forGood(refused(command, sized.reply)));
    const size = parseSize(accepted(sized, command).text);
    // Some servers tell the size of a directory too.
    return { entry: { ...this.#entry(canComeBack ? 'file' : 'other', sized.reply.text), size } };
  }

  async #enter(): Promise<'entered' | FtpReplyError> {
    let entered = false;
    try {
      await inDirectory(this.#session, this.#target.path, async () => {
        entered = true;
      });
      return 'entered';
    } catch (error) {
      if (entered || !(error instanceof FtpReplyError) || this.#session.channel.cause !== undefined) throw error;
      return forGood(error);
    }
  }

  /**
   * A forbidden file may be there. Otherwise the whole listing counts, or the words of SIZE, of a path that is no directory either. CWD's
   * refusals count for a path that can only be a directory's.
   */
  #decide(entered: FtpReplyError | undefined, sized: FtpReplyError | undefined): LookupAnswer {
    const doubts = [entered, sized].filter((error) => error !== undefined);
    if (doubts.some(isOfRights)) return { doubts };
    if (this.#isUnlisted) return 'missing';
    const telling = this.#target.parent === undefined ? entered : sized;
    return entered !== undefined && telling !== undefined && saysMissing(telling.reply) ? 'missing' : { doubts };
  }

  #entry(kind: FileKind, raw: string): FileEntry {
    return { name: this.#target.name, kind, precision: 'none', zoneKnown: false, dialect: 'names', raw };
  }
}

function forGood(error: FtpReplyError): FtpReplyError {
  if (error.transient) throw error;
  return error;
}
