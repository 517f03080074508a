/**
 * Finds the installed real servers, their places, and their abilities.
 *
 * `.ci/install-servers` unpacks them below `.servers`; all of them are started by root, to become the account's user.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accountIds } from './account.js';
import type { ServerName } from './real-server.js';

const directory = dirname(fileURLToPath(import.meta.url));

/** A path in `.servers`. */
export const serverFile = (path: string): string => join(directory, '../../../.servers', path);

/** A script beside this file. */
export const scriptFile = (name: string): string => join(directory, name);

export interface Abilities {
  readonly explicitTls: boolean;
  readonly implicitTls: boolean;
  /** Can insist on session reuse. */
  readonly sessionReuse: boolean;
  /** Can insist on a client certificate. */
  readonly clientCertificates: boolean;
  readonly mlsd: boolean;
  /** Refuses a wrong password without a pause: Pure-FTPd's 5 s are compiled in. */
  readonly promptRefusal: boolean;
  /** The user's directory is `/` after login. */
  readonly changesRoot: boolean;
}

const all: Abilities = {
  explicitTls: true,
  implicitTls: true,
  sessionReuse: true,
  clientCertificates: true,
  mlsd: true,
  promptRefusal: true,
  changesRoot: true,
};
const noTls = { explicitTls: false, implicitTls: false, sessionReuse: false, clientCertificates: false };

export const abilities: Readonly<Record<ServerName, Abilities>> = {
  vsftpd: { ...all, mlsd: false },
  proftpd: all,
  'pure-ftpd': { ...all, ...noTls, explicitTls: true, promptRefusal: false },
  pyftpdlib: { ...all, sessionReuse: false },
  inetutils: { ...all, ...noTls, mlsd: false, changesRoot: false },
};

export const serverNames = Object.keys(abilities) as readonly ServerName[];

const needed: Readonly<Record<ServerName, readonly string[]>> = {
  vsftpd: [serverFile('usr/sbin/vsftpd'), '/etc/pam.d/rxftp-test'],
  proftpd: [serverFile('usr/sbin/proftpd'), serverFile('usr/lib/proftpd/mod_tls.so')],
  'pure-ftpd': [serverFile('usr/sbin/pure-ftpd'), serverFile('usr/bin/pure-pw')],
  pyftpdlib: [serverFile('usr/lib/python3/dist-packages/pyftpdlib'), '/usr/bin/python3'],
  inetutils: [serverFile('usr/sbin/ftpd'), '/etc/pam.d/ftp', '/usr/bin/python3'],
};

/** Whether this process can start that server. */
export function isInstalled(name: ServerName): boolean {
  return process.getuid?.() === 0 && accountIds() !== undefined && needed[name].every(existsSync) && ownsService(name);
}

// inetutils ftpd has the PAM service's name compiled in: an existing one is left alone, and then refuses our user.
function ownsService(name: ServerName): boolean {
  return name !== 'inetutils' || readFileSync('/etc/pam.d/ftp', 'utf8').includes('rxftp');
}
