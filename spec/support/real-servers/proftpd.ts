/**
 * ProFTPD: its own password file, TLS by `mod_tls` with session reuse required, as is its default.
 *
 * `SocketBindTight` keeps it off other addresses, and `mod_delay`, which slows logins to hide who exists, is off.
 */
import { join } from 'node:path';
import { account, requireAccountIds } from './account.js';
import { behindInetd } from './inetd.js';
import { serverFile } from './installed.js';
import type { ServerProgram, ServerSetting, ServerTls } from './real-server.js';

export function proftpd(setting: ServerSetting): ServerProgram {
  const { directory, root, tls, options } = setting;
  const { uid, gid } = requireAccountIds();
  const config = join(directory, 'proftpd.conf');
  const passwords = join(directory, 'passwords');
  const logFile = join(directory, 'proftpd.log');
  const lines = [
    ...listening(setting),
    ...limits,
    `AuthUserFile ${passwords}`,
    ...(options.logCommands === false
      ? []
      : ['LogFormat commands "%r -> %s %S"', `ExtendedLog ${logFile} ALL commands`]),
    ...(tls === undefined ? [] : tlsLines(tls, setting)),
    // A virtual host has to listen on the same port.
    ...(options.extra ?? []).map((line) => line.replace('$PORT', String(setting.port))),
  ];
  return {
    command:
      options.inetd === true
        ? behindInetd(setting, [serverFile('usr/sbin/proftpd'), '--config', config])
        : [serverFile('usr/sbin/proftpd'), '--nodaemon', '--config', config],
    files: {
      [config]: `${lines.join('\n')}\n`,
      [passwords]: `${account.user}:${account.hash}:${uid}:${gid}::${root}:/bin/false\n`,
    },
    logFile,
  };
}

function listening({ host, port, passivePorts, directory, options }: ServerSetting): readonly string[] {
  return [
    `ModulePath ${serverFile('usr/lib/proftpd')}`,
    `ServerType ${options.inetd === true ? 'inetd' : 'standalone'}`,
    `UseIPv6 ${host.includes(':') ? 'on' : 'off'}`,
    `DefaultAddress ${host}`,
    'SocketBindTight on',
    `Port ${port}`,
    `PassivePorts ${passivePorts.first} ${passivePorts.last}`,
    `PidFile ${join(directory, 'proftpd.pid')}`,
    `ScoreboardFile ${join(directory, 'scoreboard')}`,
    `SystemLog ${join(directory, 'output.log')}`,
  ];
}

const limits: readonly string[] = [
  `User ${account.user}`,
  `Group ${account.user}`,
  'AuthOrder mod_auth_file.c',
  'RequireValidShell off',
  'DefaultRoot ~',
  'Umask 022',
  'AllowOverwrite on',
  'AllowStoreRestart on',
  'AllowRetrieveRestart on',
  'MaxInstances none',
  'UseReverseDNS off',
  'DelayEngine off',
  'TransferLog none',
  'WtmpLog off',
];

function tlsLines(tls: ServerTls, { options }: ServerSetting): readonly string[] {
  const tlsOptions = [
    ...(tls.mode === 'implicit' ? ['UseImplicitSSL'] : []),
    ...(options.requireReuse === false ? ['NoSessionReuseRequired'] : []),
  ];
  return [
    'LoadModule mod_tls.c',
    'TLSEngine on',
    `TLSECCertificateFile ${tls.certificate}`,
    `TLSECCertificateKeyFile ${tls.key}`,
    `TLSCACertificateFile ${tls.authority}`,
    `TLSProtocol ${options.tlsVersion === undefined ? 'TLSv1.2 TLSv1.3' : `TLSv${options.tlsVersion}`}`,
    `TLSRequired ${options.tlsRequired === true ? 'on' : 'off'}`,
    `TLSVerifyClient ${options.requireClientCertificate === true ? 'on' : 'off'}`,
    ...(tlsOptions.length === 0 ? [] : [`TLSOptions ${tlsOptions.join(' ')}`]),
  ];
}
