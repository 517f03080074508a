/**
 * Reads the cause of a refusal from its text, if its code leaves that open. Servers answer a login without TLS, one session too many and a
 * wrong password by the same 530 or 550.
 */

const OF_TLS =
  /\b(ssl|tls|ftps|auth (command )?first|use auth)\b|encrypt|\b((in|un|non-?)?secured? (connection|session|channel|control|ftp|login)s?|(not|must be) secured?)\b|clear ?text/i;

/** "SSL/TLS required on the control channel", "Non-anonymous sessions must use encryption", "Use AUTH first". */
export function speaksOfTls(text: string): boolean {
  return OF_TLS.test(text);
}

/** It speaks of TLS, and not of how many sessions of it there may be: the same login will be refused again. */
export function demandsTls(text: string): boolean {
  return speaksOfTls(text) && !speaksOfTooManySessions(text);
}

/** "SSL connection failed: session reuse required". */
export function speaksOfTlsReuse(text: string): boolean {
  return /re-?us|resum/i.test(text);
}

/** "SSL/TLS required on the data channel", "Data connections must be encrypted". */
export function speaksOfDataConnections(text: string): boolean {
  return /\bdata (channel|connection)/i.test(text);
}

const TOO_MANY = /\btoo many\b/i;
/** "The maximum number of clients is connected", "only 2 connections allowed", "connection limit reached". */
const A_NUMBER_IS_REACHED = /\bmax(imum)?\b|\blimits?\b|\bonly (\d+|one)\b|\bmultiple\b|\bsimultaneous/i;
const OF_SESSIONS = /connect|session|user|client|login|logon|logged|host|instance|address/i;
/** "Too many failed attempts", "password exceeds the maximum length": another matter. */
const OF_SOMETHING_ELSE = /attempt|fail|password|incorrect|invalid|wrong|tries|length|quota/i;

/** Whether it says that there are too many sessions. */
export function speaksOfTooManySessions(text: string): boolean {
  if (OF_SOMETHING_ELSE.test(text)) return false;
  return TOO_MANY.test(text) || (A_NUMBER_IS_REACHED.test(text) && OF_SESSIONS.test(text));
}

const OF_USER_OR_PASSWORD = /\b(user ?(name|id)?|log-?in|log ?on|passw(or)?d|credentials?|account)\b/i;
const IS_WRONG =
  /\b(wrong|bad|invalid|incorrect|mismatch|rejected|no such|unknown(?! (error|reason)))\b|(\bnot|n't|\bunable to|\bcannot) (be )?(valid|correct|found|find|known|recogni[sz]ed|exist|match)\b/i;
const OF_A_FAILED_LOGIN = /\b(log-?in|log ?on|authentication)( has)? fail(ed|ure)\b/i;
const OF_TROUBLE = /\blater\b|tempor|unavailable|\btime(d )?-?out\b|\bbusy\b|\btoo many\b|\blimit|\berror\b/i;

/** "Login incorrect.", "Invalid username or password", "Unable to find user", "Authentication failed". */
export function speaksOfWrongCredentials(text: string): boolean {
  return (
    (OF_USER_OR_PASSWORD.test(text) && IS_WRONG.test(text)) || (OF_A_FAILED_LOGIN.test(text) && !OF_TROUBLE.test(text))
  );
}

/** "No such file or directory", "Permission denied", "Is a directory": the file itself or its type, and not a place in it. */
export function speaksOfTheFile(text: string): boolean {
  return /no such|not found|cannot find|not exist|fail(ed|ure)? to open|denied|permi(t|ss)|directory|quota|ascii/i.test(
    text,
  );
}

/** "No support for resume of ASCII transfer.", "REST: Resuming transfers not allowed in ASCII mode". */
export function speaksOfAscii(text: string): boolean {
  return /\bascii (mode|type|transfer)/i.test(text);
}

/** "File exists", "Is a directory", "Directory not empty": something has the new name already. */
export function speaksOfAnExistingFile(text: string): boolean {
  return /\bexists\b|\b(is a|illegal operation on a) directory\b|\bnot empty\b/i.test(text);
}

/** "Data timeout. Reconnect. Sorry.", "Timeout (no new data for 900 seconds)". */
export function speaksOfStillData(text: string): boolean {
  return /\bdata\b.*time-?out|time-?out.*\bdata\b/i.test(text);
}

/** "Idle timeout (600 seconds): closing control connection", "Control connection timed out.", "Login time exceeded." */
export function speaksOfIdleness(text: string): boolean {
  return /\btime(d[ -]?|-)?out\b|\btimeout\b|\bidle\b|\binactiv|\btime exceeded\b/i.test(text);
}

/** "FTP server shutting down", "Service not available, closing control connection", "Server is going offline". */
export function speaksOfShutdown(text: string): boolean {
  return /\bshut(ting)?[ -]?down\b|\bgoing (down|offline)\b|\bmaintenance\b|\brestart(ing)?\b|\b(not |un)available\b/i.test(
    text,
  );
}
