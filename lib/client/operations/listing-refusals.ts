/** Reads the meaning of a refusal to list: no such command, no such directory, no right to it, or no files. */
import { FtpReplyError, type ReplyEvidence } from '../../errors.js';
import { formatReply } from '../../protocol/reply.js';

/** The server does not know the command: 402 and 504 are seen for that too. 501 is not, since pyftpdlib says so of a missing directory. */
export function isNotImplemented({ code }: ReplyEvidence): boolean {
  return code === 402 || code === 500 || code === 502 || code === 504;
}

const FILES = '(?:files?(?: or director(?:y|ies))?|entr(?:y|ies)|members?|data ?sets?|objects?|match(?:es)?)';
const PLACE = '(?:(?:the |this )?(?:current )?(?:directory|folder|library|data ?set)|[/\'"]\\S+)';
const ARE_NONE = `(?:(?:were |was )?(?:found|present|available|matched)|exists?|to list|(?:found )?in ${PLACE})`;

/** The whole text, after a path or a verb: "no" in a longer sentence may be of anything else. */
const NO_FILES: RegExp = /* @__PURE__ */ new RegExp(
  `^(?:(?:/(?!\\S*bin/)[^:]*|LIST|NLST|MLSD|STAT): *)?[\\s\\p{P}]*(?:${[
    `(?:there are )?no (?:such |matching )?${FILES}(?: ${ARE_NONE})?`,
    'files? not found',
    'nothing (?:found|to list)',
    '(?:the )?(?:directory|folder|library|data ?set)(?: is)? empty',
    '(?:is an )?empty (?:directory|folder|library|data ?set)',
  ].join('|')})[\\s\\p{P}]*$`,
  'iu',
);

const OF_RIGHTS =
  /denied|permi(t|ss)|privilege|forbidden|\brights?\b|not allowed|unauthori[sz]ed|authenti|\blog(ged)?[ -]?in\b|\baccess\b/i;

/** "Permission denied", "Not logged in", "Access is denied": the file may be there. */
export function speaksOfRights(text: string): boolean {
  return OF_RIGHTS.test(text);
}

/**
 * Whether the refused listing of an accessible directory says in words that there are no files in it. Any other refusal is one of rights,
 * of a device or of the server itself. A mirror that took it for an empty directory would delete files.
 */
export function saysNoFiles({ code, text }: ReplyEvidence): boolean {
  return (code === 450 || code === 550) && !OF_RIGHTS.test(text) && NO_FILES.test(text);
}

/**
 * Whether the server may have refused the form of the command. It may lack the command, or have misread the path. A refusal of rights is
 * none, and one for now is none, unless it says that there are no files.
 */
export function mayBeOfForm(error: unknown): error is FtpReplyError {
  if (!(error instanceof FtpReplyError) || error.outcome !== 'refused') return false;
  return mayBeOfPath(error.reply, error.transient);
}

/** Whether a listing may have been refused for the path in it. */
export function mayBeOfPath(reply: ReplyEvidence, transient: boolean): boolean {
  if (reply.class < 4 || OF_RIGHTS.test(reply.text)) return false;
  return !transient || isNotImplemented(reply) || saysNoFiles(reply);
}

/** Whether the refused listing may be that of an empty directory, and nothing else. */
export function mayBeEmpty(error: unknown): error is FtpReplyError {
  return error instanceof FtpReplyError && error.outcome === 'refused' && saysNoFiles(error.reply);
}

const HAS_FAILED =
  /\b(?:failed|failure|unable|(?:can|could) ?not|can't|couldn't)\b[^.;]*\b(?:open|read|list|access|scan|director(?:y|ies)|folder)\b|\bdenied\b/i;

/** vsftpd answers by 226 if it may not read the directory: "Transfer done (but failed to open directory)." */
export function requireListed(command: string, reply: ReplyEvidence): void {
  if (HAS_FAILED.test(reply.text)) throw notListed(command, reply, 'the server could not read the directory');
}

/** The error for a good reply that is no listing. */
export function notListed(command: string, reply: ReplyEvidence, why: string): FtpReplyError {
  const details = { command, reply, outcome: 'refused', transient: false } as const;
  return new FtpReplyError(`${command} was answered by "${formatReply(reply)}" (${why})`, details);
}
