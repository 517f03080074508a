/** Defines a question for a checksum, and the results of one command: a value, or a reply without one. */
import { accepted, type FinalReply, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpReplyError } from '../../errors.js';
import type { Command } from '../../protocol/command.js';
import type { HashAlgorithm, HashVerb } from '../../protocol/hash-algorithms.js';
import { formatReply, isUnknownCommand, type Reply } from '../../protocol/reply.js';

/** Offsets of bytes: `end` is that of the first byte behind the range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A question of the whole file, unless `range` says otherwise. */
export interface HashQuestion {
  readonly path: string;
  readonly range: ByteRange | undefined;
  /** Undefined: the strongest that the server has. */
  readonly algorithm: HashAlgorithm | undefined;
}

/** A value, and the exchange that has told it. */
export interface ToldValue {
  readonly value: string;
  readonly line: Command;
  readonly reply: Reply;
}

/** A reply that is no value, as an error; the next command may give one. */
export interface NoValue {
  readonly error: FtpReplyError;
}

/** Undefined: the command was not sent. */
export type HashAnswer = ToldValue | NoValue | undefined;

export function isValue(answer: HashAnswer): answer is ToldValue {
  return answer !== undefined && 'value' in answer;
}

/** A good reply that does not answer the question. */
export function unfit({ masked }: Command, reply: Reply, why: string): NoValue {
  return {
    error: new FtpReplyError(`${masked} was answered by "${formatReply(reply)}", ${why}.`, { command: masked, reply }),
  };
}

/** Refusals that speak of the command or its arguments, and not of the file. */
const OF_THE_FORM: ReadonlySet<number> = new Set([500, 501, 502, 503, 504]);

/** Throws a refusal of the file, and one for now. A command that the server does not know is not sent again. */
export function refusedForm(session: Session, line: Command, verb: HashVerb, final: FinalReply): NoValue {
  const { reply } = final;
  if (reply.class >= 4 && !OF_THE_FORM.has(reply.code)) accepted(final, line.masked);
  if (isUnknownCommand(reply)) session.fallBack(verb, 'another command for checksums', reply);
  return { error: refused(line.masked, reply) };
}
