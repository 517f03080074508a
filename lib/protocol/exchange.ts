/**
 * What each command may be answered with: RFC 959 section 5.4 as a table, with the commands of RFC 2228, 2389, 2428,
 * 2640, 3659, 7151 and the HASH draft, and with what real servers answer instead.
 *
 * A 4yz or 5yz is a refusal, whatever the command. Any other reply must be in the command's row: one that is not was
 * meant for another command, so nobody can tell any more which reply belongs to what, and the connection is given up.
 * Rows are strict where a value or a transfer hangs on the reply, and tolerant where it only says "done".
 */
import type { Reply } from './reply.js';

/**
 * What a reply means to a command: `preliminary`, the final reply is still to come; `intermediate`, the server waits for
 * the next command of the sequence; `completion`; `refusal`, 4yz or 5yz; `impossible`, the reply is not this command's.
 */
export type Outcome = 'preliminary' | 'intermediate' | 'completion' | 'refusal' | 'impossible';

/** The codes a command admits, besides the refusals. `any` admits the whole class. */
export interface Exchange {
  readonly preliminary: readonly number[] | 'any';
  readonly intermediate: readonly number[] | 'any';
  readonly completion: readonly number[] | 'any';
}

type Codes = Exchange['completion'];

/* @__NO_SIDE_EFFECTS__ */
function exchange(completion: Codes, intermediate: Codes = [], preliminary: Codes = []): Exchange {
  const freeze = (codes: Codes): Codes => (codes === 'any' ? codes : Object.freeze([...codes]));
  return Object.freeze({
    preliminary: freeze(preliminary),
    intermediate: freeze(intermediate),
    completion: freeze(completion),
  });
}

/**
 * Servers pick freely among these where the reply says nothing but "done" (DELE: 250 in RFC 959, 200 from some). `besides`
 * are what they may say too.
 */
/* @__NO_SIDE_EFFECTS__ */
function done(besides: readonly number[] = [], intermediate: Codes = []): Exchange {
  return exchange([...besides, 200, 202, 250], intermediate);
}

const DONE: Exchange = done();
const DONE_WITH_TIME: Exchange = done([213]);
const CHECKSUM: Exchange = exchange([200, 213, 250]);

/**
 * Of the completions only 226 and 250 tell that a transfer is whole. 200 is not among them: a late NOOP's would pass for
 * the end of a transfer; nor is 225, which may be ABOR's.
 */
const TRANSFER: Exchange = exchange([226, 250], [], [110, 125, 150]);

/**
 * SITE means what the server likes: MKDIR answers 257, UTIME 213, HELP 214, CPFR 350. Left out are the codes that speak of
 * the connection, a transfer or a login (22z, 23z), which can only be astray.
 */
const SITE: Exchange = done([210, 211, 212, 213, 214, 215, 257], [350]);

/** A command that is not in the table: its 1yz, 2yz and 3yz are taken as they come. */
const UNKNOWN: Exchange = exchange('any', 'any', 'any');

const PWD: Exchange = exchange([257]);
/** 250 and 200 are IIS 2003's, which names no path then. */
const MKD: Exchange = exchange([257, 250, 200]);

/**
 * The table, by verb in upper case. `GREETING` is not a command: it stands for what the server says first (230: a
 * server that asks for no login).
 */
export const EXCHANGES: Readonly<Record<string, Exchange>> = /* @__PURE__ */ Object.freeze({
  GREETING: exchange([220, 230], [], [120]),
  USER: exchange([230, 232], [331, 332, 336]),
  PASS: exchange([202, 230, 232], [332]),
  ACCT: exchange([202, 230]),
  REIN: exchange([220], [], [120]),
  QUIT: exchange('any'),
  AUTH: exchange([234], [334]),
  ADAT: exchange([235], [335]),
  PBSZ: DONE,
  PROT: DONE,
  CCC: DONE,
  HOST: done([220]),
  CWD: DONE,
  XCWD: DONE,
  CDUP: DONE,
  XCUP: DONE,
  SMNT: DONE,
  PWD,
  XPWD: PWD,
  MKD,
  XMKD: MKD,
  RMD: DONE,
  XRMD: DONE,
  DELE: DONE,
  RNFR: exchange([], [350]),
  RNTO: DONE,
  TYPE: DONE,
  MODE: DONE,
  STRU: DONE,
  ALLO: DONE,
  OPTS: DONE,
  LANG: DONE,
  CLNT: DONE,
  NOOP: DONE,
  SITE,
  PORT: DONE,
  EPRT: DONE,
  PASV: exchange([227]),
  // 227 comes from servers that take EPSV for another spelling of PASV.
  EPSV: exchange([229, 227]),
  REST: exchange([], [350]),
  RANG: exchange([], [350]),
  RETR: TRANSFER,
  STOR: TRANSFER,
  STOU: TRANSFER,
  APPE: TRANSFER,
  LIST: TRANSFER,
  NLST: TRANSFER,
  MLSD: TRANSFER,
  // 200 is seen from servers that do not know RFC 959's 225 and 226.
  ABOR: exchange([225, 226, 200]),
  SYST: exchange([215, 200]),
  STAT: exchange([211, 212, 213]),
  HELP: exchange([211, 214, 200]),
  FEAT: exchange([211]),
  SIZE: exchange([213]),
  MDTM: exchange([213]),
  AVBL: exchange([213]),
  MFMT: DONE_WITH_TIME,
  MFCT: DONE_WITH_TIME,
  MFF: DONE_WITH_TIME,
  MLST: exchange([250]),
  HASH: exchange([213]),
  MD5: exchange([251]),
  MMD5: exchange([252]),
  XCRC: CHECKSUM,
  XMD5: CHECKSUM,
  XSHA: CHECKSUM,
  XSHA1: CHECKSUM,
  XSHA256: CHECKSUM,
  XSHA512: CHECKSUM,
});

/** What `reply` means as an answer to `verb` (in upper case, or `GREETING`). */
export function outcomeOf(verb: string, reply: Reply): Outcome {
  if (reply.class >= 4) return 'refusal';
  const admitted = (Object.hasOwn(EXCHANGES, verb) ? EXCHANGES[verb] : undefined) ?? UNKNOWN;
  const outcome = reply.class === 1 ? 'preliminary' : reply.class === 2 ? 'completion' : 'intermediate';
  const codes = admitted[outcome];
  return codes === 'any' || codes.includes(reply.code) ? outcome : 'impossible';
}

/** What answers these says no more than "done", or what comes next: its text is for the eye alone. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set([
  'GREETING',
  'HOST',
  'USER',
  'PASS',
  'ACCT',
  'AUTH',
  'ADAT',
  'REIN',
  'QUIT',
  'ABOR',
  'REST',
  'RANG',
  'RNFR',
]);

/** Whether `reply` answers `verb` (as for `outcomeOf`) with a value: a path, a size, an address, that must not be changed. */
export function carriesValue(verb: string, reply: Reply): boolean {
  const outcome = outcomeOf(verb, reply);
  return outcome !== 'refusal' && outcome !== 'impossible' && !saysOnlyDone(verb);
}

function saysOnlyDone(verb: string): boolean {
  return EXCHANGES[verb] === DONE || WITHOUT_VALUE.has(verb);
}
