/**
 * Sets the time of a file: by MFMT (draft-somers-ftp-mfxx), by MDTM with a time, or by SITE UTIME in either word order.
 *
 * A server may take the time for the beginning of a name, or say 200 to any SITE. So the first success of a command other than MFMT counts
 * only if MDTM then tells the new time. The client remembers a command that has worked.
 */
import type { Observable } from 'rxjs';
import type { Sendable } from '../../control/encode-line.js';
import { type FinalReply, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpReplyError, FtpUnsupportedError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { formatReply, type Reply } from '../../protocol/reply.js';
import { formatTimestamp, readTimestamp } from '../../protocol/timestamp.js';
import { isNotImplemented } from './listing-refusals.js';
import { checked, type OperationContext, shareOf, task$ } from './operation.js';
import { everyTimeWay, isNamed, type TimeWay, waysFor } from './time-ways.js';

/** FAT keeps every second one only. */
const TOLERANCE_MS = 2000;
/** MDTM with a time is answered as MFMT is: it names no time. */
const AS_MFMT = { judgedAs: 'MFMT' } as const;

export function mfmt$(context: OperationContext, path: string, date: Date): Observable<Reply> {
  return task$(context, () => {
    const every = everyTimeWay(context, formatTimestamp(date), path);
    // The first line checks the path, which all of them have.
    const name = every[0]?.line.masked;
    const asking = checked(context, 'MDTM', path);
    const longest = every.reduce((one, way) => (way.length > one.length ? way : one));
    return {
      kind: shareOf(context, longest.line),
      name,
      async work(session, emit, signal) {
        const reply = await new TimeSetting(session, asking, date, signal).set(every);
        if (reply !== undefined) emit(reply);
      },
    };
  });
}

/** A way that did not set the time. */
interface Failure {
  readonly way: TimeWay;
  readonly reply: Reply;
  readonly error: FtpReplyError;
}

class TimeSetting {
  readonly #session: Session;
  /** MDTM without a time. */
  readonly #asking: Sendable;
  readonly #date: Date;
  readonly #signal: Cancellation;
  readonly #failures: Failure[] = [];

  constructor(session: Session, asking: Sendable, date: Date, signal: Cancellation) {
    this.#session = session;
    this.#asking = asking;
    this.#date = date;
    this.#signal = signal;
  }

  /** The reply of the way that has set the time; undefined if the subscriber has unsubscribed. Throws FtpReplyError if none has. */
  async set(every: readonly TimeWay[]): Promise<Reply | undefined> {
    for (const way of waysFor(this.#session, every)) {
      if (this.#signal.aborted) return undefined;
      if (this.#failures.length > 0 && this.#mayStall) break;
      const final = await this.#session.request(way.line, way.name === 'MDTM with a time' ? AS_MFMT : {});
      const failed =
        this.#refusalOf(way, final) ?? (this.#isTrusted(way) ? undefined : await this.#doubtOf(way, final));
      if (failed === undefined) {
        this.#remember(way);
        return final.reply;
      }
      if (this.#isFinal(way, failed)) throw failed;
      this.#failures.push({ way, reply: final.reply, error: failed });
    }
    throw allFailed(this.#failures) ?? this.#noneIsLeft();
  }

  /** inetutils gives no reply to the second command that it does not know. */
  get #mayStall(): boolean {
    const { profile, server } = this.#session;
    return profile.stallsAfterSyntaxError === true && server.syntaxError;
  }

  /** A server that knows MFMT, or has done it this way before, means the file. A refusal for now is one for now. */
  #isFinal(way: TimeWay, { reply, transient }: FtpReplyError): boolean {
    if (this.#session.learned.isProven(way.name) || transient) return true;
    return way.name === 'MFMT' && reply.class >= 4 && !isNotImplemented(reply);
  }

  #refusalOf({ line: { masked } }: TimeWay, { reply, outcome }: FinalReply): FtpReplyError | undefined {
    if (outcome === 'refusal') return refused(masked, reply);
    // "Command not implemented, superfluous at this site", unless it names the new value.
    const isDone = reply.code !== 202 || reply.text.includes(formatTimestamp(this.#date));
    return isDone ? undefined : notSet(masked, reply, 'nothing was done');
  }

  /** Its success needs no proof. */
  #isTrusted({ name }: TimeWay): boolean {
    const { profile, learned } = this.#session;
    return name === 'MFMT' || learned.isProven(name) || profile.setsTimeByMdtm === true || this.#signal.aborted;
  }

  /** The error if MDTM does not show the new time. */
  async #doubtOf(way: TimeWay, { reply }: FinalReply): Promise<FtpReplyError | undefined> {
    const { masked } = way.line;
    const told = way.name === 'MDTM with a time' ? readTimestamp(reply.text.trim()) : undefined;
    const time = told ?? (await this.#timeNow());
    if (time === undefined) {
      return isNamed(this.#session, way) ? undefined : notSet(masked, reply, 'MDTM does not tell whether it was done');
    }
    const isSet = Math.abs(time.getTime() - this.#date.getTime()) <= TOLERANCE_MS;
    return isSet ? undefined : notSet(masked, reply, `the file has another time: ${time.toISOString()}`);
  }

  async #timeNow(): Promise<Date | undefined> {
    const asked = await this.#session.requestOptional(this.#asking);
    return asked?.outcome === 'completion' ? readTimestamp(asked.reply.text.trim()) : undefined;
  }

  /** The only way of this server is one that would find another file. */
  #noneIsLeft(): FtpUnsupportedError {
    return new FtpUnsupportedError(
      'The time was not set: this server does it by SITE UTIME alone, which does not keep the blanks of this name.',
      { command: 'SITE' },
    );
  }

  #remember({ name }: TimeWay): void {
    if (this.#signal.aborted) return;
    const { learned } = this.#session;
    for (const { way, reply } of this.#failures) this.#session.fallBack(way.name, name, reply);
    learned.prove(name);
  }
}

function notSet(command: string, reply: Reply, why: string): FtpReplyError {
  const details = { command, reply, outcome: 'unknown', transient: false } as const;
  return new FtpReplyError(
    `${command} was answered by "${formatReply(reply)}", but the time is not set: ${why}`,
    details,
  );
}

/** The error of the first command, which names all. A server without any way says of the others what misleads. */
function allFailed(failures: readonly Failure[]): FtpReplyError | undefined {
  const [first, ...others] = failures.map(({ error }) => error);
  if (first === undefined || others.length === 0) return first;
  const { command, reply, transient, outcome } = first;
  const message = [first, ...others].map((error) => error.message).join('; ');
  return new FtpReplyError(message, { command, reply, transient, outcome, cause: others.at(-1) });
}
