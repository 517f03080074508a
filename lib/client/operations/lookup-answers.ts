/** Reads whether a refusal means that a file does not exist, or leaves that open. */
import {
  type FtpError,
  FtpProtocolError,
  FtpReplyError,
  FtpUnsupportedError,
  type ReplyEvidence,
} from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { printable } from '../../protocol/printable.js';
import { speaksOfRights } from './listing-refusals.js';

/** The answer of one command about the file. */
export type LookupAnswer =
  | { readonly entry: FileEntry }
  | 'missing'
  /** It is not in the whole listing of its directory. */
  | 'unlisted'
  /** This command cannot tell it; `why` gives the known reason. */
  | { readonly doubts: readonly FtpError[] };

const SAYS_MISSING =
  /\bno such\b|\bnot (?:be )?found\b|\b(?:does|do|did)(?: not|n['’]t) exist\b|\b(?:not|non-?) ?exist(?:s|ent|ing)?\b|\bcan(?: ?not|['’]t) find\b|\bunknown (?:file|path)\b/i;

/** Whether a refusal for good says in words that there is no such file. 450 is one, if it says so. */
export function saysMissing({ code, text }: ReplyEvidence): boolean {
  return (
    (code === 450 || (code >= 501 && code !== 502 && code !== 530)) && SAYS_MISSING.test(text) && !speaksOfRights(text)
  );
}

/** Whether the file may be there, and be forbidden. */
export function isOfRights({ reply }: FtpError): boolean {
  return reply !== undefined && speaksOfRights(reply.text);
}

/** Whether a path leads through a file, as if that were a directory. */
export function saysNoDirectory({ text }: ReplyEvidence): boolean {
  return /\bnot a directory\b/i.test(text);
}

/** The doubt where CWD and SIZE were left out. */
export function unasked(path: string): FtpError {
  return new FtpUnsupportedError(
    `The client cannot tell whether ${printable(path)} exists: the server may read the name in another way, so CWD and SIZE were not sent.`,
  );
}

/** The error of a lookup that has no answer: the first reason, of rights if there is one such. */
export function undecided(path: string, doubts: readonly FtpError[]): FtpError {
  const reason = doubts.find(isOfRights) ?? doubts[0];
  const what = `The client cannot tell whether ${printable(path)} exists`;
  if (reason === undefined) {
    return new FtpUnsupportedError(
      `${what}: the server knows neither MLST nor SIZE, and PWD does not lead back from a directory.`,
    );
  }
  if (reason instanceof FtpProtocolError && reason.unparsed.length > 0) return unread(what, reason);
  if (!(reason instanceof FtpReplyError)) return reason;
  const { command, reply, outcome, transient } = reason;
  return new FtpReplyError(`${what}: ${reason.message}`, { command, reply, outcome, transient, cause: reason });
}

/** Without the hint of a listing's error: lookup$ has no option for such rows. */
function unread(what: string, cause: FtpProtocolError): FtpProtocolError {
  const { unparsed } = cause;
  return new FtpProtocolError(
    `${what}: it is in no row of its directory's listing that was understood, and this one was not: "${printable(unparsed[0] ?? '', 80)}"`,
    { unparsed, cause },
  );
}
