/**
 * Lists the usual replies to each command: RFC 959 section 5.4 as a table. It also has the commands of RFC 2228, 2389, 2428, 2640, 3659,
 * 7151 and the HASH draft. It includes the codes that tests saw from real servers.
 *
 * A reply's class decides, its code only explains (RFC 959 section 4.2). So the table does not limit the allowed replies. It says which
 * replies an exchange takes at once. Any other reply is odd: it may belong to another command, and a fence finds that out (`fence.ts`).
 */
import { parseEpsv, parsePasv } from './endpoint.js';
import { holdsChecksum } from './hash-reply.js';
import { parsePathname } from './pathname.js';
import type { Reply } from './reply.js';
import { parseSize, parseSpace } from './size.js';
import { parseTimestamp } from './timestamp.js';

/**
 * The meaning of a reply to a command. `preliminary`: the final reply is still to come. `intermediate`: the server waits for the next
 * command of the sequence. `completion`. `refusal`: 4yz or 5yz. `odd`: it may belong to another command.
 */
export type Outcome = 'preliminary' | 'intermediate' | 'completion' | 'refusal' | 'odd';

/** The codes that are usual for a command, besides the refusals. `any` means the whole class. */
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
 * Servers pick freely among these if the reply says nothing but "done" (DELE: 250 in RFC 959, 200 from some). `besides` are further usual
 * codes.
 */
/* @__NO_SIDE_EFFECTS__ */
function done(besides: readonly number[] = [], intermediate: Codes = []): Exchange {
  return exchange([...besides, 200, 202, 250], intermediate);
}

const DONE: Exchange = done();
const DONE_WITH_TIME: Exchange = done([213]);
const CHECKSUM: Exchange = exchange([200, 213, 250]);
const CHECKSUM_VERBS = ['HASH', 'XCRC', 'XMD5', 'XSHA', 'XSHA1', 'XSHA256', 'XSHA512', 'MD5'] as const;

/**
 * Of the completions 226 and 250 are usual. 200 is not among them: a late NOOP's would pass for the end of a transfer; nor is
 * 225, which may be ABOR's.
 */
const TRANSFER: Exchange = exchange([226, 250], [], [110, 125, 150]);

/**
 * SITE has any meaning that the server likes: MKDIR answers 257, UTIME 213, HELP 214, CPFR 350. Left out are the codes that speak of the
 * connection, a transfer or a login (22z, 23z), which can only be astray.
 */
const SITE: Exchange = done([210, 211, 212, 213, 214, 215, 257], [350]);

/** A command that is not in the table: its 1yz, 2yz and 3yz are taken as they come. */
const UNKNOWN: Exchange = exchange('any', 'any', 'any');

const PWD: Exchange = exchange([257]);
/** 250 and 200 are IIS 2003's, which names no path then. */
const MKD: Exchange = exchange([257, 250, 200]);

/**
 * The table, by verb in upper case. `GREETING` is not a command: it stands for the server's first reply (230: a server that asks for no
 * login).
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
  PRET: DONE,
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
  HASH: CHECKSUM,
  MD5: exchange([251, 200, 213, 250]),
  MMD5: exchange([252]),
  XCRC: CHECKSUM,
  XMD5: CHECKSUM,
  XSHA: CHECKSUM,
  XSHA1: CHECKSUM,
  XSHA256: CHECKSUM,
  XSHA512: CHECKSUM,
});

/** The meaning of `reply` as an answer to `verb` (in upper case, or `GREETING`). A promised value must be there. */
export function outcomeOf(verb: string, reply: Reply): Outcome {
  if (reply.class >= 4) return 'refusal';
  const usual = (Object.hasOwn(EXCHANGES, verb) ? EXCHANGES[verb] : undefined) ?? UNKNOWN;
  const outcome = outcomeByClass(reply);
  const codes = usual[outcome];
  if (codes !== 'any' && !codes.includes(reply.code)) return 'odd';
  return outcome === 'completion' && !bringsValue(verb, reply) ? 'odd' : outcome;
}

/** The meaning of a reply below 4yz by its class alone. */
function outcomeByClass({ class: replyClass }: Reply): 'preliminary' | 'intermediate' | 'completion' {
  if (replyClass === 1) return 'preliminary';
  return replyClass === 2 ? 'completion' : 'intermediate';
}

/** The outcome of a reply that is known to be the answer, with any code: a 3yz leads nowhere, and so does a 2yz without its value. */
export function outcomeOfAnswer(verb: string, reply: Reply): 'completion' | 'refusal' {
  const completes = reply.class === 2 && (bringsValue(verb, reply) || isValueOptional(verb));
  return completes ? 'completion' : 'refusal';
}

/** MKD has made its directory, whether or not the server names it. */
function isValueOptional(verb: string): boolean {
  return verb === 'MKD' || verb === 'XMKD';
}

/** Reads the value that the 2yz answer to a verb promises: undefined, or thrown, if there is none. */
const VALUES: ReadonlyMap<string, (reply: Reply) => unknown> = /* @__PURE__ */ new Map<
  string,
  (reply: Reply) => unknown
>([
  ['SIZE', ({ text }) => parseSize(text)],
  ['MDTM', ({ text }) => parseTimestamp(text)],
  ['AVBL', ({ text }) => parseSpace(text)],
  ['PASV', ({ text }) => parsePasv(text)],
  ['EPSV', (reply) => readPassivePort(reply)],
  ['PWD', ({ text }) => parsePathname(text)],
  ['XPWD', ({ text }) => parsePathname(text)],
  ['MKD', ({ text }) => parsePathname(text)],
  ['XMKD', ({ text }) => parsePathname(text)],
  ...CHECKSUM_VERBS.map((verb) => [verb, (reply: Reply) => holdsChecksum(verb, reply) || undefined] as const),
]);

/** Whether the 2yz `reply` holds the value that the answer to `verb` promises; true for a verb that promises none. */
export function bringsValue(verb: string, reply: Reply): boolean {
  const read = VALUES.get(verb);
  try {
    return read === undefined || read(reply) !== undefined;
  } catch {
    return false;
  }
}

/** The port in an answer to EPSV; some servers answer as if it were PASV. Throws FtpProtocolError if there is none. */
export function readPassivePort(reply: Reply): number {
  return reply.code === 227 ? parsePasv(reply.text).port : parseEpsv(reply.text);
}

/** An answer to these says only "done", or names the next step: its text is for the eye alone. */
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

/** Whether `reply` usually answers `verb` with a value: a path, a size, an address. The decoder must not change such a text. */
export function carriesValue(verb: string, reply: Reply): boolean {
  const outcome = outcomeOf(verb, reply);
  return outcome !== 'refusal' && outcome !== 'odd' && !saysOnlyDone(verb);
}

function saysOnlyDone(verb: string): boolean {
  return EXCHANGES[verb] === DONE || WITHOUT_VALUE.has(verb);
}
