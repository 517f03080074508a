/**
 * A client of a scripted server with TLS, and what must never be seen in clear.
 *
 * User, password, directory and file name are words that occur nowhere else, so that looking for them in the server's
 * wire tap is proof; the password is a canary besides.
 */
import { expect } from 'vitest';
import { FtpClient, type FtpOptions } from '../../../lib/index.js';
import { secret } from '../../support/canary.js';
import type { ScriptedServer } from '../../support/scripted-server.js';

export const names = {
  user: 'wanda-user',
  password: 'canary-password',
  directory: '/quiet-folder',
  file: '/quiet-folder/silent-name.bin',
} as const;

/** Options that lead to `server` by its own TLS mode, trusting its authority. */
export function secureOptions(server: ScriptedServer, more: Partial<FtpOptions> = {}): FtpOptions {
  const { host, port, tls } = server;
  if (tls === undefined) throw new Error('this scripted server has no TLS');
  return {
    ...{ host, port, user: names.user, password: secret(names.password), secure: tls.mode },
    ...more,
    tls: { ca: tls.authority.cert, ...more.tls },
  };
}

/** A client of `server`; nothing is opened yet. */
export function secureClient(server: ScriptedServer, more: Partial<FtpOptions> = {}): FtpClient {
  return new FtpClient(secureOptions(server, more));
}

/** Nothing that arrived in clear names the user, the password, a path or a login command, and no data came in clear. */
export function expectNothingInClear(server: ScriptedServer): void {
  const clear = server.clear.toString('latin1');
  for (const name of Object.values(names)) expect(clear).not.toContain(name);
  expect(clear).not.toMatch(/^(USER|PASS|ACCT|CWD|FEAT|OPTS|SIZE|RETR|STOR|LIST|MLSD)\b/m);
  const told = server.journal.of('command').filter(({ secure }) => !secure);
  expect(
    told.map(({ verb }) => verb).filter((verb) => verb !== 'AUTH' && verb.length > 0 && /^[A-Z]+$/.test(verb)),
  ).toEqual([]);
  expect(server.journal.of('data-opened').length).toBe(server.journal.of('data-secured').length);
}

/** How many data connections were secured, and how many of them by the control connection's session. */
export function resumption(server: ScriptedServer): { secured: number; resumed: number } {
  const secured = server.journal.of('data-secured');
  return { secured: secured.length, resumed: secured.filter(({ resumed }) => resumed).length };
}
