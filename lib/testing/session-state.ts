/** Defines the state of one session, which its commands set. */

/** The state that commands change. */
export interface SessionState {
  user: string | undefined;
  loggedIn: boolean;
  directory: string;
  type: 'A' | 'I';
  protection: 'C' | 'P';
  /** PBSZ came, without which there is no PROT (RFC 2228 section 3). */
  hasBufferSize: boolean;
  /** The offset of REST, for the next transfer alone. */
  restart: number;
  /** The first and the last byte of RANG, for the next transfer or HASH alone. */
  range: readonly [first: number, last: number] | undefined;
  renameFrom: string | undefined;
  /** The facts that OPTS MLST has chosen; undefined for all. */
  facts: readonly string[] | undefined;
  hash: string;
  /** EPSV ALL came: no other command for data connections is taken (RFC 2428 section 4). */
  epsvAll: boolean;
  /** ABOR has ended a transfer. */
  aborted: boolean;
}

/** The state at the beginning. */
export const newState = (): SessionState => ({
  user: undefined,
  loggedIn: false,
  directory: '/',
  type: 'A',
  protection: 'C',
  hasBufferSize: false,
  restart: 0,
  range: undefined,
  renameFrom: undefined,
  facts: undefined,
  hash: 'SHA-256',
  epsvAll: false,
  aborted: false,
});
