/** Tracks the login of a session, as the replies to USER, PASS and ACCT change it (RFC 959 section 5.4). */
import type { CommandLine } from './command-line.js';
import type { SessionState } from './session-state.js';

/**
 * Applies the last line of a reply that the test has given. 2yz logs in, 3yz waits for more. A refusal logs the user out, also a user with
 * an earlier login. A refused ACCT changes nothing.
 */
export function applyLogin(state: SessionState, { verb, argument }: CommandLine, reply: string): void {
  const kind = reply.charAt(0);
  if (verb === 'USER') state.user = kind === '2' || kind === '3' ? argument : undefined;
  else if (verb === 'ACCT' && kind !== '2') return;
  else if (verb !== 'PASS' && verb !== 'ACCT') return;
  state.loggedIn = kind === '2';
}
