/** What a refusal to list means: no such command, no such directory, no right to it, or a directory without files. */
import { FtpReplyError, type ReplyEvidence } from '../../errors.js';

/** The server does not know the command: 402 and 504 are seen for that too. 501 is not, since pyftpdlib says so of a missing directory. */
export function isNotImplemented({ code }: ReplyEvidence): boolean {
  return code === 402 || code === 500 || code === 502 || code === 504;
}

const NO_FILES =
  /\bno (such )?(files?|entry|entries|members?|data|data ?sets?|objects?|match(es)?)\b|\bnot found\b|\bnothing (found|to list)\b|\bempty\b/i;

const OF_RIGHTS =
  /denied|permi(t|ss)|privilege|forbidden|\brights?\b|not allowed|unauthori[sz]ed|authenti|\blog(ged)?[ -]?in\b|\baccess\b/i;

const OF_TROUBLE =
  /\bbusy\b|\block|\blater\b|\bagain\b|tempor|too many|\blimit|time(d )?-?out|connection|\b(ssl|tls)\b|memory|\berror\b|quota|shut(ting)?[ -]?down/i;

/**
 * Whether a refused listing of a directory that can be entered says that there are no files in it. 450 says so unless it names another
 * cause, 550 only in words: it may as well be one of rights.
 */
export function saysNoFiles({ code, text }: ReplyEvidence): boolean {
  if ((code !== 450 && code !== 550) || OF_RIGHTS.test(text)) return false;
  return NO_FILES.test(text) || (code === 450 && !OF_TROUBLE.test(text));
}

/**
 * Whether the command may have been refused for its form: it could be a command that the server does not have, or a path that it
 * has misread. A refusal of rights is none, and one for now is none, unless it says that there are no files.
 */
export function mayBeOfForm(error: unknown): error is FtpReplyError {
  if (!(error instanceof FtpReplyError) || error.outcome !== 'refused') return false;
  const { text } = error.reply;
  if (OF_RIGHTS.test(text)) return false;
  return !error.transient || isNotImplemented(error.reply) || NO_FILES.test(text);
}

/** Whether the refused listing may be that of an empty directory, and nothing else. */
export function mayBeEmpty(error: unknown): error is FtpReplyError {
  return error instanceof FtpReplyError && error.outcome === 'refused' && saysNoFiles(error.reply);
}
