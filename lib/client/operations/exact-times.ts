/** Finds the times of listed files to the second, by one MDTM each (RFC 3659 section 3). Listings often name only days or minutes. */

import type { FinalReply } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpProtocolError, FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { type Command, command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { isUnknownCommand } from '../../protocol/reply.js';
import { readTimestamp } from '../../protocol/timestamp.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { mayBeAnother } from './misread-path.js';

/** The times of the session directory's files, by name, as far as the server tells them. */
export async function exactTimes(
  session: Session,
  names: readonly string[],
  signal: Cancellation,
): Promise<ReadonlyMap<string, Date>> {
  const times = new Map<string, Date>();
  for (const name of names) {
    if (signal.aborted || session.learned.lacks('MDTM')) break;
    const time = await askTime(session, name);
    if (time !== undefined) times.set(name, time);
  }
  return times;
}

/** The time of a file of the session's directory; undefined if the server does not tell it. */
export async function askTime(session: Session, name: string): Promise<Date | undefined> {
  const line = mdtmOf(session, name);
  if (line === undefined) return undefined;
  const final = await session.requestOptional(line);
  if (final?.outcome === 'refusal' && isUnknownCommand(final.reply))
    session.fallBack('MDTM', 'the times as they are listed', final.reply);
  return timeIn(final);
}

/** Undefined for a name that cannot be sent, or may be taken for another: a line end in it, say. `~` would be the home, and blanks or hyphens at the front are lost. */
function mdtmOf(session: Session, name: string): Command | undefined {
  if (mayBeAnother(session, name)) return undefined;
  try {
    const line = command('MDTM', /^[~\s-]/.test(name) ? `./${name}` : name);
    session.channel.requireSendable(line);
    return line;
  } catch (error) {
    if (error instanceof FtpUsageError) return undefined;
    throw error;
  }
}

function timeIn(final: FinalReply | undefined): Date | undefined {
  return final?.outcome === 'completion' ? readTimestamp(final.reply.text.trim()) : undefined;
}

/** So much of a listing is kept. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** Keeps a whole listing, until it is known which times go with it. */
export class KeptListing implements ByteSink {
  readonly chunks: Uint8Array[] = [];
  readonly #sink: ByteSink;
  readonly #option: string;
  #bytes = 0;

  /** `option`: the one that the listing is kept for. */
  constructor(sink: ByteSink, option: string) {
    this.#sink = sink;
    this.#option = option;
  }

  buffer(): Uint8Array {
    return this.#sink.buffer();
  }

  write(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    // The chunk's memory may be used again.
    if (this.#bytes <= KEPT_BYTES) this.chunks.push(new Uint8Array(chunk));
  }

  /** Hands the listing on. Throws FtpProtocolError if it was too long to be kept. */
  handOn(): void {
    if (this.#bytes > KEPT_BYTES) {
      throw new FtpProtocolError(
        `The listing has ${this.#bytes} bytes: more than ${KEPT_BYTES} are not kept for the option ${this.#option}.`,
      );
    }
    for (const chunk of this.chunks) this.#sink.write(chunk);
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.#sink.complete(verifiedBy);
  }

  error(error: unknown): void {
    this.#sink.error(error);
  }
}
