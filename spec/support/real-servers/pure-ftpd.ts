/**
 * Pure-FTPd: all by arguments, users in a `pure-pw` database; TLS explicit only, and it issues no TLS 1.3 tickets.
 *
 * It logs to syslog and to nothing else: `log()` holds what it prints when it cannot start.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, requireAccountIds } from './account.js';
import { serverFile } from './installed.js';
import type { ServerProgram, ServerSetting, ServerTls } from './real-server.js';

export function pureFtpd(setting: ServerSetting): ServerProgram {
  const { directory, root, host, port, passivePorts, tls, options } = setting;
  const { uid, gid } = requireAccountIds();
  const users = join(directory, 'users');
  const database = join(directory, 'users.pdb');
  const bundle = join(directory, 'bundle.pem');
  return {
    command: [
      serverFile('usr/sbin/pure-ftpd'),
      ...['--bind', `${host},${port}`, host.includes(':') ? '--ipv6only' : '--ipv4only'],
      ...['--passiveportrange', `${passivePorts.first}:${passivePorts.last}`],
      ...['--login', `puredb:${database}`, '--minuid', '1', '--chrooteveryone', '--noanonymous', '--umask', '022:022'],
      ...['--maxclientsnumber', '1000', '--maxclientsperip', '1000', '--limitrecursion', '300000:8'],
      ...['--dontresolve', '--syslogfacility', 'none', '--pidfile', join(directory, 'pure-ftpd.pid')],
      ...(tls === undefined ? [] : [`--tls=${options.tlsRequired === true ? 3 : 1}`, `--certfile=${bundle}`]),
      ...(options.extra ?? []),
    ],
    files: {
      [users]: `${account.user}:${account.hash}:${uid}:${gid}::${root}/./::::::::::::\n`,
      ...(tls === undefined ? {} : { [bundle]: keyAndCertificate(tls) }),
    },
    prepare: [serverFile('usr/bin/pure-pw'), 'mkdb', database, '-f', users],
  };
}

const keyAndCertificate = ({ key, certificate }: ServerTls): string =>
  readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8');
