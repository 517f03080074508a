/**
 * Decides whether the client may send a command once more if its connection was lost before the reply. The server may have done it or not.
 * RFC 959 does not tell; the effect of each verb decides.
 */
import type { Command } from './command.js';

/**
 * - `asks`: it changes nothing at the server.
 * - `sets`: done twice, it leaves what it leaves when it is done once.
 * - `acts`: done twice, it may be refused the second time, or do harm: it may delete a file that another client has made meanwhile.
 * - `once`: it belongs to its connection or to its moment, so that it is never sent again by itself.
 */
export type Repetition = 'asks' | 'sets' | 'acts' | 'once';

const VERBS: Readonly<Record<Exclude<Repetition, 'acts'>, ReadonlySet<string>>> = {
  asks: /* @__PURE__ */ new Set([
    'AVBL',
    'FEAT',
    'HASH',
    'HELP',
    'LIST',
    'MD5',
    'MDTM',
    'MLSD',
    'MLST',
    'NLST',
    'PWD',
    'RETR',
    'SIZE',
    'STAT',
    'SYST',
    'XCRC',
    'XMD5',
    'XPWD',
    'XSHA1',
    'XSHA256',
    'XSHA512',
  ]),
  // A relative CWD too: each session is brought to the client's directory first.
  sets: /* @__PURE__ */ new Set(['CDUP', 'CWD', 'NOOP', 'OPTS', 'PBSZ', 'PROT', 'STOR', 'TYPE', 'XCUP', 'XCWD']),
  once: /* @__PURE__ */ new Set(['ABOR', 'ACCT', 'AUTH', 'CCC', 'PASS', 'QUIT', 'REIN', 'RNTO', 'USER']),
};

/** The rule for repeating the command; `acts` for an unknown verb. */
export function repetitionOf({ verb }: Pick<Command, 'verb'>): Repetition {
  if (VERBS.asks.has(verb)) return 'asks';
  if (VERBS.sets.has(verb)) return 'sets';
  return VERBS.once.has(verb) ? 'once' : 'acts';
}

/** Replies by which a server says that it has not begun: 421, it closes; 425, it has no data connection; 450, the file is busy. */
const NOT_BEGUN: ReadonlySet<number> = /* @__PURE__ */ new Set([421, 425, 450]);

/** Whether a refusal with this code shows that nothing was done: 426 and 451 break off what was begun. */
export function showsNotBegun(code: number): boolean {
  return NOT_BEGUN.has(code);
}

/** The verbs that make, change or remove a file by themselves. */
const CHANGES_FILES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'APPE',
  'DELE',
  'MFMT',
  'MKD',
  'RMD',
  'RNTO',
  'SITE',
  'STOR',
  'STOU',
  'XMKD',
  'XRMD',
]);

/** Whether it does harm when the server gets it after its operation has failed: the user has gone on by then. */
export function mustNotComeLate({ verb }: Pick<Command, 'verb'>): boolean {
  return CHANGES_FILES.has(verb);
}
