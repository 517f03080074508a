/** Gives the advice about a refusal, for the end of an error message. The codes are those of RFC 959 section 4.2. */
import type { Reply } from '../protocol/reply.js';
import { isLogin, type LoginRefusal, reasonOfRefusal } from './login-refusal.js';
import {
  speaksOfAnExistingFile,
  speaksOfAscii,
  speaksOfDataConnections,
  speaksOfIdleness,
  speaksOfShutdown,
  speaksOfStillData,
  speaksOfTheFile,
  speaksOfTls,
  speaksOfTlsReuse,
  speaksOfTooManySessions,
} from './refusal-text.js';

const TOO_MANY_LOGINS =
  'the server lets in no more sessions just now: give the client fewer maxSessions, close others, or try again later';
const WRONG_CREDENTIALS = 'check user and password';
const SHUTDOWN = 'the server is shutting down, or takes no logins just now: try again later';
const SLOW_LOGIN = 'the login took longer than the server allows';
const IDLE = 'the session was idle for longer than the server allows: the option keepAliveMs keeps it open';
const STILL_DATA = 'nothing has moved on the data connection for longer than the server allows';
const NAME_IS_TAKEN =
  'something stands under the new name already: look with mlst$ or size$, and delete it or choose another name';
const NEW_NAME = 'is the new name free, does its directory exist, and may this user write there?';
const BEYOND_THE_END = 'is the option start beyond the end of the file? size$ asks how long it is';
const NO_START_IN_ASCII =
  "this server begins no transfer of the type 'ascii' within a file: give type: 'binary', or leave start out";
const NO_RESTART = 'the server cannot begin within a file: leave start out';
const NO_DIRECTORY = 'does it exist, and is it a directory? Use lookup$ for one file';
const STALE_TLS =
  'the server wants the TLS session of the control connection resumed, and accepts it no longer: the next operation opens a new one';
const CLEAR_DATA =
  "the server demands protected data connections: set secure: 'explicit', and leave dataProtection at 'private'";

const CLIENT_CERTIFICATE = 'the server may want a client certificate: give tls.cert and tls.key';

const BY_REASON: Readonly<Record<LoginRefusal, string>> = {
  sessions: TOO_MANY_LOGINS,
  tls: "the server takes no login without TLS: set secure: 'explicit'",
  credentials: WRONG_CREDENTIALS,
};

/** By the first word of the command, and the code. The greeting, which answers none, is called `the greeting` in its place. */
const BY_VERB: Readonly<Record<string, string>> = {
  'PASS 530': WRONG_CREDENTIALS,
  'USER 530': 'check the user, or the server allows no more logins just now',
  'the 421': TOO_MANY_LOGINS,
  'USER 421': TOO_MANY_LOGINS,
  'PASS 421': TOO_MANY_LOGINS,
  'USER 550': 'is this user allowed to log in?',
  'PASS 332': 'the server wants an account: give the option account',
  'USER 332': 'the server wants an account: give the option account',
  'STOR 550': 'may this user write there, and does the directory exist?',
  'STOR 553': 'may this user write there, and does the directory exist?',
  'APPE 550': 'may this user write there, and does the directory exist?',
  'APPE 553': 'may this user write there, and does the directory exist?',
  'RNTO 451': NEW_NAME,
  'RNTO 550': NEW_NAME,
  'RNTO 553': NEW_NAME,
  'MKD 550': 'it may exist already, or this user may not write there',
  'REST 500': NO_RESTART,
  'REST 501': BEYOND_THE_END,
  'REST 502': NO_RESTART,
  'REST 504': NO_RESTART,
  'REST 550': BEYOND_THE_END,
  'REST 551': BEYOND_THE_END,
  'REST 554': BEYOND_THE_END,
  'CWD 550': NO_DIRECTORY,
  'MLSD 501': NO_DIRECTORY,
  'MLSD 550': NO_DIRECTORY,
  'RMD 550': 'does it exist, is it empty, may this user remove it?',
};

const BY_CODE: Readonly<Record<number, string>> = {
  425: 'the data connection could not be opened: a firewall; or under TLS a server that accepts the TLS session no longer, where the next operation opens a new one',
  426: 'the data connection broke',
  450: 'the file is busy or not there; it may work later',
  452: 'the disk or the quota of the server is full',
  500: 'the server does not know this command',
  501: 'the server does not take this argument',
  502: 'the server does not have this command',
  504: 'the server does not take this parameter',
  521: CLEAR_DATA,
  522: STALE_TLS,
  530: 'not logged in, or not allowed to this user',
  532: 'the server wants an account: give the option account',
  534: "the server demands a protected session: set secure: 'explicit'",
  550: 'does it exist, and may this user touch it?',
  551: 'does it exist, and may this user touch it?',
  552: 'the disk or the quota of the server is full',
  553: 'this name is not allowed, or this user may not write there',
};

const SERVICE_CLOSING = 421;

/** With a start, these may say that the file ends before it (554 is RFC 3659's, section 5.3). */
const OF_THE_START: ReadonlySet<number> = new Set([451, 501, 550, 551, 554]);

/** Facts that the reply itself does not show. */
export interface Circumstances {
  /** The offset at which the transfer was to begin. */
  readonly start?: number;
  /** The control connection is under TLS. */
  readonly secured?: boolean;
  /** The user's name, which the server may repeat: it tells nothing. */
  readonly user?: string;
}

/** A hint for this refusal of `command`, or undefined if the reply says all there is to say. */
export function adviceFor(command: string, reply: Reply, circumstances: Circumstances = {}): string | undefined {
  const verb = command.split(' ', 1)[0] ?? '';
  const byCode = isLogin(verb) && isOfFiles(reply.code) ? undefined : BY_CODE[reply.code];
  return adviceByText(command, reply, circumstances) ?? BY_VERB[`${verb} ${reply.code}`] ?? byCode;
}

/** A code whose second digit is 5 speaks of files (RFC 959 section 4.2.1), of which a login has none. */
function isOfFiles(code: number): boolean {
  return Math.floor(code / 10) % 10 === 5;
}

function adviceByText(command: string, reply: Reply, circumstances: Circumstances): string | undefined {
  if (reply.class < 4) return undefined;
  const verb = command.split(' ', 1)[0] ?? '';
  const byText = isLogin(verb) ? loginAdvice(command, reply, circumstances) : textAdvice(verb, reply, circumstances);
  return byText ?? (reply.code === SERVICE_CLOSING ? endAdvice(verb, reply.text) : undefined);
}

function loginAdvice(command: string, reply: Reply, { secured, user }: Circumstances): string | undefined {
  const reason = reasonOfRefusal(command, reply, user);
  if (reason === 'tls' && secured === true) return CLIENT_CERTIFICATE;
  return reason && BY_REASON[reason];
}

/** 421 ends the session, as the answer to any command (RFC 959 section 4.2.2); only its text says why. */
function endAdvice(verb: string, text: string): string | undefined {
  if (speaksOfTooManySessions(text)) return TOO_MANY_LOGINS;
  if (speaksOfShutdown(text)) return SHUTDOWN;
  if (speaksOfStillData(text)) return STILL_DATA;
  if (!speaksOfIdleness(text)) return undefined;
  return isLogin(verb) || /\blogin\b/i.test(text) ? SLOW_LOGIN : IDLE;
}

function textAdvice(verb: string, { code, text }: Reply, { start = 0 }: Circumstances): string | undefined {
  if (speaksOfTls(text) && speaksOfDataConnections(text) && !speaksOfTlsReuse(text)) return CLEAR_DATA;
  if (verb === 'RNTO' && speaksOfAnExistingFile(text)) return NAME_IS_TAKEN;
  if ((start > 0 || verb === 'REST') && speaksOfAscii(text)) return NO_START_IN_ASCII;
  return start > 0 && OF_THE_START.has(code) && !speaksOfTheFile(text) ? BEYOND_THE_END : undefined;
}
