/** Lists the verbs that a test may name: of this server, and further ones that a test may teach it. */
import { FtpUsageError } from '../errors.js';
import { nearestName } from '../protocol/option-names.js';
import { printable } from '../protocol/printable.js';

/** The verbs of this server. The table of handlers has one for each. */
export const VERBS: readonly string[] = [
  ...['USER', 'PASS', 'ACCT', 'REIN', 'QUIT', 'AUTH', 'PBSZ', 'PROT', 'CCC', 'FEAT', 'OPTS', 'SYST', 'HELP', 'NOOP'],
  ...['TYPE', 'STRU', 'MODE', 'ALLO', 'SITE', 'SMNT', 'EPSV', 'PASV', 'EPRT', 'PORT'],
  ...['CWD', 'CDUP', 'PWD', 'MKD', 'RMD', 'XCWD', 'XCUP', 'XPWD', 'XMKD', 'XRMD'],
  ...['DELE', 'RNFR', 'RNTO', 'SIZE', 'MDTM', 'MFMT', 'HASH', 'RANG'],
  ...['RETR', 'STOR', 'STOU', 'APPE', 'REST', 'ABOR', 'LIST', 'NLST', 'MLSD', 'MLST', 'STAT'],
];

/** The verbs that open a data connection. */
export const DATA_VERBS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['RETR', 'STOR', 'STOU', 'APPE', 'LIST', 'NLST', 'MLSD'],
]);

/** The commands of people's clients and the long names of RFC 959, and the commands that clients send for them. */
const OF_PEOPLE: Readonly<Record<string, string>> = {
  GET: 'RETR',
  PUT: 'STOR',
  CD: 'CWD',
  LS: 'LIST',
  DIR: 'LIST',
  RM: 'DELE',
  DEL: 'DELE',
  DELETE: 'DELE',
  MKDIR: 'MKD',
  RMDIR: 'RMD',
  MV: 'RNFR and RNTO',
  RENAME: 'RNFR and RNTO',
  RETRIEVE: 'RETR',
  STORE: 'STOR',
  APPEND: 'APPE',
  ABORT: 'ABOR',
};

/** RFC 959 section 5.3 has three or four letters. Extensions have digits (MD5), and more of both (XSHA256). */
const VERB = /^[A-Z][A-Z0-9]{2,15}$/;

/** The verb in upper case. Throws an FtpUsageError for a value that cannot be one. */
export function requireVerb(verb: string): string {
  const upper = typeof verb === 'string' ? verb.toUpperCase() : '';
  if (VERB.test(upper) && !Object.hasOwn(OF_PEOPLE, upper)) return upper;
  throw noVerb(upper, 'is no FTP verb');
}

/** The same, for a verb that this server answers: by itself, or by a handler of the test's. */
export function requireKnownVerb(verb: string, scripted: ReadonlySet<string>): string {
  const upper = requireVerb(verb);
  if (scripted.has(upper) || VERBS.includes(upper)) return upper;
  throw noVerb(upper, 'is no verb of the test server');
}

function noVerb(upper: string, what: string): FtpUsageError {
  const meant = Object.hasOwn(OF_PEOPLE, upper) ? OF_PEOPLE[upper] : nearestName(upper, VERBS);
  return new FtpUsageError(`"${printable(upper)}" ${what}${meant === undefined ? '' : `: did you mean ${meant}?`}`);
}
