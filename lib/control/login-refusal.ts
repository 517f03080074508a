/**
 * Finds the reason for which a server refuses a login. Its code leaves that open, so the text decides, without the user's own name in it.
 */
import type { Reply } from '../protocol/reply.js';
import { demandsTls, speaksOfTooManySessions, speaksOfWrongCredentials } from './refusal-text.js';

/** It lets in no more sessions just now, takes no login without TLS, or does not know this user or password. */
export type LoginRefusal = 'sessions' | 'tls' | 'credentials';

/** Some servers refuse a wrong password by it, as the code of a draft: "Invalid username or password". */
const INVALID_CREDENTIALS = 430;

/** The reason that the reply gives; undefined if it gives none, and where `command` is none of a login. */
export function reasonOfRefusal(
  command: string,
  { class: kind, code, text }: Reply,
  user = '',
): LoginRefusal | undefined {
  const verb = command.split(' ', 1)[0] ?? '';
  if (kind < 4 || !isLogin(verb)) return undefined;
  const said = withoutName(text, user);
  if (speaksOfTooManySessions(said)) return 'sessions';
  if (demandsTls(said)) return 'tls';
  const isWrong = verb !== 'the' && (code === INVALID_CREDENTIALS || speaksOfWrongCredentials(said));
  return isWrong ? 'credentials' : undefined;
}

/** Whether the same login may be let in a little later, if the text tells that better than the code. */
export function transienceOf(command: string, reply: Reply, user?: string): { readonly transient?: boolean } {
  const reason = reasonOfRefusal(command, reply, user);
  return reason === undefined ? {} : { transient: reason === 'sessions' };
}

/** The greeting, whose command is called `the greeting`, counts as the first reply of the login. */
export function isLogin(verb: string): boolean {
  return verb === 'USER' || verb === 'PASS' || verb === 'ACCT' || verb === 'the';
}

/** "User ftps cannot log in." does not speak of TLS, if that is the user's name. */
function withoutName(text: string, user: string): string {
  if (user === '') return text;
  const name = user.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'gu'), '');
}
