/**
 * Lists the possible results of an operation, by fault and event: the first rule that fits decides. Each has its reason.
 *
 * `value` is the golden value with the golden effect at the server. All other outcomes are errors of a class, or a value that no client can
 * tell from a right one.
 */
import type { Role } from './events.js';
import type { Place } from './place.js';

export type Tag =
  | 'value'
  | 'left'
  /** FtpConnectionError, FtpTimeoutError (both `transient`), FtpProtocolError, FtpSecurityError, FtpTransferError. */
  | 'connection'
  | 'timeout'
  | 'protocol'
  | 'security'
  | 'transfer'
  /** FtpReplyError; of 4yz alone `transient`. */
  | 'reply'
  /** Another value than the golden one, which the server's bytes do not show to be wrong. */
  | 'untold';

export interface Rule {
  readonly faults: RegExp;
  readonly where?: (place: Place) => boolean;
  readonly outcomes: readonly Tag[];
  /** The session may be given up. */
  readonly costs?: boolean;
  readonly because: string;
}

const role =
  (...roles: readonly Role[]) =>
  ({ event }: Place): boolean =>
    roles.includes(event.role);
const verb =
  (...verbs: readonly string[]) =>
  ({ event }: Place): boolean =>
    verbs.includes(event.verb);
const named =
  (...names: readonly string[]) =>
  ({ operation }: Place): boolean =>
    names.some((name) => operation.name.startsWith(name));
const both =
  (one: (place: Place) => boolean, other: (place: Place) => boolean) =>
  (place: Place): boolean =>
    one(place) && other(place);

const deaths = /^(close|reset|421 and close)$/;
const wrongClass = /^the wrong class/;
const refusals = /^the wrong class, [45]yz$/;
const inserted = /^(an empty line|a line of garbage|an odd reply before|an odd reply after|the reply twice)$/;
const sizeless = named('retrLines$', 'list$', 'nlst$', 'mlsd$', 'entries$', 'lookup$');
const hashes = named('hash$', 'retr$ hashed', 'stor$ hashed');
/** Takes the range back: HASH is answered by then. */
const isReset = ({ event }: Place): boolean => event.verb === 'RANG' && event.what.startsWith('350 No');
/** MLSD of a directory that is not there shows whether the server reads its argument. */
const isProbe = ({ event }: Place): boolean => event.what.includes('.rxftp-no-such-directory');
const isSentinel = (place: Place): boolean => place.isLeft && verb('PWD')(place);
const isUpload = ({ operation }: Place): boolean => /^(stor|appe|stou)/.test(operation.name);
const optionalAtLogin = both(
  ({ operation }) => operation.group === 'login',
  verb('FEAT', 'OPTS', 'PBSZ', 'CLNT', 'LANG'),
);

const isDataClear = ({ link, operation }: Place): boolean =>
  link === 'plain' || operation.name === 'prot$, then a download';
const ofClient = ({ seat }: Place): boolean => seat === 'client';
const isInterrupted = (place: Place): boolean => place.isLeft && place.operation.interrupts === true;
const isBack = both(
  named('entries$ by STAT'),
  both(verb('CWD'), ({ event }) => event.at > 2),
);

export const rules: readonly Rule[] = [
  {
    faults: /^unsubscribed$/,
    where: isInterrupted,
    outcomes: ['left'],
    because: 'an unsubscription brings nothing',
  },
  {
    faults: /^(close|reset|421 and close|stall|a NUL|an unusual code|the wrong class, .*)$/,
    where: both(isInterrupted, ofClient),
    outcomes: ['value'],
    costs: true,
    because: 'the transfer is broken off; a client that has lost its session says ABOR on the next one',
  },
  {
    faults: /^(close|reset|421 and close|stall|a NUL)$/,
    where: isInterrupted,
    outcomes: ['connection'],
    costs: true,
    because: 'abor$ waits for the transfer to end, and its session is lost by then',
  },
  {
    faults: /^(an unusual code|the wrong class, .*)$/,
    where: both(isInterrupted, isSentinel),
    outcomes: ['connection'],
    costs: true,
    because: 'an abort ends at the 257 of its PWD alone; without it the connection is closed in abortTimeoutMs',
  },
  {
    faults: /^(an unusual code|the wrong class, .*)$/,
    where: isSentinel,
    outcomes: ['value'],
    costs: true,
    because: 'an abort ends at the 257 of its PWD alone; without it the connection is closed in abortTimeoutMs',
  },
  {
    faults: /^(close|reset|421 and close|stall|a NUL)$/,
    where: ({ isLeft }) => isLeft,
    outcomes: ['value'],
    costs: true,
    because: 'who has left has the value; the connection is lost while it is brought into step',
  },
  { faults: /./, where: ({ isLeft }) => isLeft, outcomes: ['value'], because: 'who has left is told nothing more' },
  {
    faults: /^unsubscribed$/,
    where: ({ operation }) => operation.group === 'login',
    outcomes: ['left'],
    costs: true,
    because: 'a login that nobody waits for any more is broken off',
  },
  {
    faults: /^unsubscribed$/,
    where: both(named('auth$'), role('auth', 'handshake')),
    outcomes: ['left'],
    costs: true,
    because: 'a handshake that has begun has to end, and nobody waits for it',
  },
  { faults: /^unsubscribed$/, outcomes: ['left'], because: 'an unsubscription brings nothing' },

  {
    faults: /^(close|reset|421 and close|stall|a NUL|the wrong class, .*)$/,
    where: isBack,
    outcomes: ['value'],
    costs: true,
    because: 'all of the listing has come; a session that does not come back is given up',
  },
  {
    faults: /^(close|reset|421 and close|stall|a NUL|the wrong class, .*)$/,
    where: isReset,
    outcomes: ['value'],
    costs: true,
    because: 'HASH was answered; a session that may keep the range is closed',
  },
  {
    faults: deaths,
    where: both(named('cdup$'), verb('PWD')),
    outcomes: ['value', 'connection'],
    costs: true,
    because: 'CDUP was confirmed; PWD only tells where that is',
  },
  {
    faults: /^421 and close$/,
    where: both(both(ofClient, named('send$')), ({ isUnheard }) => isUnheard),
    outcomes: ['untold'],
    costs: true,
    because: '421 says that nothing was done, and the line is sent again; its second reply is the value',
  },
  {
    faults: /^421 and close$/,
    where: both(ofClient, ({ isUnheard }) => isUnheard),
    outcomes: ['value', 'reply', 'connection'],
    costs: true,
    because:
      '421 says that nothing was done, and the work starts over; this server had done it, and has no such file any more',
  },
  {
    faults: /^(close|reset|stall)$/,
    where: both(ofClient, ({ isUnheard }) => isUnheard),
    outcomes: ['value', 'connection', 'timeout'],
    costs: true,
    because: 'an idle session that turns out dead is replaced once, for what may be done twice',
  },
  { faults: deaths, outcomes: ['connection'], costs: true, because: 'the connection is lost' },
  {
    faults: /^stall$/,
    where: optionalAtLogin,
    outcomes: ['value'],
    costs: true,
    because: 'nothing optional is needed: without FEAT, OPTS, PBSZ, CLNT or LANG the next login goes on',
  },
  {
    faults: /^stall$/,
    where: both(verb('EPSV'), ({ seat }) => seat === 'client'),
    outcomes: ['value'],
    costs: true,
    because: 'EPSV left unanswered is followed by PASV, on another session',
  },
  {
    faults: /^stall$/,
    where: both(named('cdup$'), verb('PWD')),
    outcomes: ['value', 'timeout'],
    costs: true,
    because: 'CDUP was confirmed; PWD only tells where that is',
  },
  { faults: /^stall$/, outcomes: ['timeout'], costs: true, because: 'nothing comes in time' },

  { faults: /^byte by byte$/, outcomes: ['value'], because: 'how bytes are cut means nothing' },
  {
    faults:
      /^(an empty line|a line of garbage|an odd reply before|an odd reply after|the reply twice|the wrong class, .*)$/,
    where: role('auth'),
    outcomes: ['security'],
    costs: true,
    because: 'from AUTH to the handshake one 2yz may come, and no other byte',
  },
  {
    faults:
      /^(an empty line|a line of garbage|an odd reply before|an odd reply after|the reply twice|the wrong class, odd)$/,
    where: verb('CCC'),
    outcomes: ['security'],
    costs: true,
    because: 'one 2yz is the last that comes under TLS, as it is the last in clear text for AUTH',
  },
  { faults: /^a NUL$/, outcomes: ['protocol'], costs: true, because: 'no reply holds a NUL (RFC 959, telnet)' },
  {
    faults: /^(an empty line|a line of garbage)$/,
    where: both(both(named('stat$'), verb('STAT')), ({ event }) => event.at > 1),
    outcomes: ['untold'],
    because: 'between the first and the last line of a reply any text belongs to it',
  },
  {
    faults: /^a line of garbage$/,
    where: both(verb('MLST'), named('lookup$')),
    outcomes: ['value'],
    because: 'an answer without a row tells nothing: the listing does',
  },
  {
    faults: /^a line of garbage$/,
    where: both(verb('MLST'), ({ event }) => event.at === 2),
    outcomes: ['protocol'],
    because: 'the line stands where the entry has to be',
  },
  {
    faults: /^a line of garbage$/,
    where: both(
      named('entries$ by STAT'),
      both(verb('STAT'), ({ event }) => event.at > 3),
    ),
    outcomes: ['protocol'],
    because: 'a row that is not understood',
  },
  { faults: inserted, outcomes: ['value'], because: 'dropped, or decided by a fence' },
  { faults: /^an unusual code$/, outcomes: ['value'], because: 'the class of a reply decides' },

  { faults: wrongClass, where: named('send$'), outcomes: ['value'], because: 'any reply is the value of send$' },
  {
    faults: wrongClass,
    where: optionalAtLogin,
    outcomes: ['value'],
    because: 'nothing optional is needed',
  },
  {
    faults: refusals,
    where: both(({ operation }) => operation.group === 'login', role('login')),
    outcomes: ['reply', 'connection', 'security'],
    costs: true,
    because: 'a login that is refused is over',
  },
  {
    faults: wrongClass,
    where: both(({ operation }) => operation.group === 'login', role('login')),
    outcomes: ['value', 'reply', 'protocol', 'security'],
    costs: true,
    because: 'an odd reply lets a login go on; without its end it fails',
  },
  {
    faults: wrongClass,
    where: both(named('cdup$'), verb('PWD')),
    outcomes: ['value'],
    because: 'CDUP was confirmed; PWD only tells where that is',
  },
  {
    faults: /(5yz|odd)$/,
    where: both(named('lookup$'), verb('MLST')),
    outcomes: ['value'],
    because: 'what MLST does not tell, the listing does',
  },
  {
    faults: wrongClass,
    where: both(named('lookup$'), verb('PWD')),
    outcomes: ['untold'],
    because: 'a session that cannot come back goes nowhere: only SIZE is asked, which tells no time',
  },
  {
    faults: wrongClass,
    where: both(named('retr$ verified'), verb('SIZE')),
    outcomes: ['value'],
    because: 'the 150 names the size as well',
  },
  {
    faults: wrongClass,
    where: both(named('entries$ by STAT'), verb('PWD')),
    outcomes: ['value'],
    because: 'PWD only tells the way back',
  },
  {
    faults: /odd$/,
    where: both(named('retr$ by PASV', 'retr$ by EPSV'), verb('EPSV', 'PASV')),
    outcomes: ['value'],
    because: 'an odd reply that names the port lets the sequence go on',
  },
  {
    faults: refusals,
    where: both(named('retr$ by PASV', 'retr$ by EPSV'), verb('EPSV', 'PASV')),
    outcomes: ['reply'],
    because: 'the mode allows no other command',
  },
  {
    faults: wrongClass,
    where: both(named('prot$'), verb('PBSZ')),
    outcomes: ['value'],
    because: 'a server without PBSZ decides by PROT alone',
  },
  {
    faults: wrongClass,
    where: both(named('auth$'), verb('FEAT')),
    outcomes: ['value'],
    because: 'nothing optional is needed',
  },
  { faults: wrongClass, where: verb('EPRT'), outcomes: ['value'], because: 'EPRT that failed is followed by PORT' },
  {
    faults: /[5o](yz|dd)$/,
    where: both(hashes, verb('OPTS', 'RANG')),
    outcomes: ['value'],
    because: 'XSHA256 tells the same; and an odd reply lets RANG and HASH go on',
  },
  {
    faults: wrongClass,
    where: both(hashes, verb('SIZE')),
    outcomes: ['value'],
    because: 'SIZE only checks the end that HASH names, where the server tells it',
  },
  {
    faults: wrongClass,
    where: isProbe,
    outcomes: ['value'],
    because: 'a probe that proves nothing has the directory gone into, and listed there',
  },
  {
    faults: /odd$/,
    where: both(hashes, verb('HASH')),
    outcomes: ['value'],
    because: 'a reply without a checksum is no value: XSHA256 is asked',
  },
  { faults: wrongClass, where: verb('EPSV'), outcomes: ['value'], because: 'EPSV that failed is followed by PASV' },
  {
    faults: wrongClass,
    where: both(named('list$', 'nlst$'), verb('TYPE')),
    outcomes: ['value'],
    because: 'a listing does without TYPE A',
  },
  {
    faults: /5yz$/,
    where: both(named('entries$', 'lookup$'), both(verb('MLSD'), role('begin'))),
    outcomes: ['value'],
    because: 'a server may refuse MLSD for its path alone: the directory is gone into, and listed there',
  },
  {
    faults: /odd$/,
    where: verb('RNFR', 'REST', 'PRET'),
    outcomes: ['value'],
    because: 'an odd reply lets a sequence go on, and its end decides',
  },
  {
    faults: /odd$/,
    where: both(role('begin'), isUpload),
    outcomes: ['protocol'],
    because: 'a completion before any byte was taken: nobody can tell whether the server will take one',
  },
  { faults: /odd$/, where: role('begin'), outcomes: ['value'], because: 'the data that comes shows that it has begun' },
  {
    faults: wrongClass,
    where: role('final'),
    outcomes: ['transfer'],
    because: 'the server did not say that it is whole',
  },
  { faults: wrongClass, outcomes: ['reply'], because: 'the server refused' },

  {
    faults: /^data: (cut|FIN of TCP), then 226$/,
    where: both(sizeless, () => true),
    outcomes: ['value', 'transfer', 'untold'],
    because: 'no size is known, the server says 226, and a FIN is all that ends data (node tells no close_notify)',
  },
  {
    faults: /^data: FIN of TCP, then 226$/,
    where: both(role('end'), isDataClear),
    outcomes: ['value'],
    because: 'that is how data ends without TLS',
  },
  { faults: /^data: (cut|FIN of TCP), then 226$/, outcomes: ['transfer'], because: 'the size in the 150 does not fit' },
  {
    faults: /^data: more/,
    where: named('lookup$'),
    outcomes: ['value'],
    because: 'the entry was in the listing, whatever is wrong with another row',
  },
  {
    faults: /^data: more/,
    where: named('mlsd$', 'entries$'),
    outcomes: ['protocol'],
    because: 'a row that is no entry',
  },
  { faults: /^data: more/, where: sizeless, outcomes: ['untold'], because: 'no size is known' },
  { faults: /^data: more/, outcomes: ['transfer'], because: 'the size in the 150 does not fit' },
  {
    faults: /^data: reset/,
    where: both(role('accept'), ({ link }) => link !== 'plain'),
    outcomes: ['transfer'],
    costs: true,
    because: 'a 425 after a failed handshake: the server may accept no data connection of this TLS session any more',
  },
  { faults: /^data: reset/, outcomes: ['transfer'], because: 'the data broke, and the server says so' },
  {
    faults: /^data: stall$/,
    where: both(isUpload, ({ link }) => link === 'plain'),
    outcomes: ['transfer'],
    because: 'the socket took all of it; the server that took none says 426',
  },
  { faults: /^data: stall$/, outcomes: ['timeout'], because: 'nothing moves in time' },
];

export function ruleFor(place: Place): Rule {
  const rule = rules.find(({ faults, where }) => faults.test(place.fault.name) && (where?.(place) ?? true));
  if (rule === undefined) throw new Error(`no rule for ${place.fault.name} at ${place.event.role}`);
  return rule;
}
