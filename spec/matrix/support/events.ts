/**
 * Numbers the events of a server in a run: each line of a reply, each accepted data connection, each handshake, each piece of data, and
 * each end of data. A fault, or an unsubscription, strikes just before one of them.
 */

/**
 * Where an event stands. Of replies: to a `login`, to `auth`, an `inner` line of one with several, to what comes before a
 * transfer or in a sequence (`setup`), the `begin` and the `final` one of a transfer, those to an `abort`, and all others (`answer`).
 */
export type Role =
  | 'login'
  | 'auth'
  | 'inner'
  | 'setup'
  | 'answer'
  | 'begin'
  | 'final'
  | 'abort'
  | 'handshake'
  | 'accept'
  | 'piece'
  | 'end'
  | 'taken';

export interface MatrixEvent {
  /** From 1. */
  readonly at: number;
  readonly role: Role;
  /** The command that is answered; the greeting has none. */
  readonly verb: string;
  /** The line, or what else happens. */
  readonly what: string;
}

const login = new Set(['', 'USER', 'PASS', 'ACCT', 'FEAT', 'OPTS', 'PBSZ', 'PROT', 'HOST', 'CLNT', 'LANG', 'SITE']);
const transfers = new Set(['RETR', 'STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD']);
const setup = new Set(['TYPE', 'PRET', 'EPSV', 'PASV', 'EPRT', 'PORT', 'REST', 'RNFR']);

/** The role of the last line of a reply. */
export function roleOf(verb: string, code: string, loggingIn: boolean): Role {
  if (verb === 'AUTH') return 'auth';
  if (loggingIn && login.has(verb)) return 'login';
  if (transfers.has(verb)) return code.startsWith('1') ? 'begin' : 'final';
  if (setup.has(verb)) return 'setup';
  return verb === 'ABOR' ? 'abort' : 'answer';
}

export const onData: ReadonlySet<Role> = new Set(['accept', 'piece', 'end', 'taken']);

export const shown = ({ at, role, verb, what }: MatrixEvent): string =>
  `event ${at} (${role}${verb === '' ? '' : `, ${verb}`}: ${what})`;
