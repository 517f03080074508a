/**
 * The one account that all real servers know: a locked system user whose password opens FTP only.
 *
 * `.ci/install-servers` makes it and holds the same name and hash. The hash is MD5-crypt because a bench that logs in a
 * thousand times must not measure the cost of a good one.
 */
import { readFileSync } from 'node:fs';

export const account = {
  user: 'rxftp-test',
  password: 'rxftp-test',
  hash: '$1$rxftp$G2BYAmF5DJYrOy5t6YqAf0',
} as const;

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** The account's ids; `undefined` where it has not been made. */
export function accountIds(): UserIds | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === account.user) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** {@link accountIds} for callers that have checked `isInstalled`. */
export function requireAccountIds(): UserIds {
  const ids = accountIds();
  if (ids === undefined) throw new Error(`no user ${account.user}: run \`bash .ci/install-servers\``);
  return ids;
}
