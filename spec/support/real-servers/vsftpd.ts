/**
 * vsftpd: a local user behind PAM, shut into the run's own root; TLS with session reuse required, as is its default.
 *
 * Its configuration takes no space around `=`, and the sandbox and the delays are off: seccomp kills it on new kernels.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { account } from './account.js';
import { serverFile } from './installed.js';
import type { ServerProgram, ServerSetting, ServerTls } from './real-server.js';

type Settings = Readonly<Record<string, string | number | boolean>>;

export function vsftpd(setting: ServerSetting): ServerProgram {
  const { directory, options } = setting;
  const config = join(directory, 'vsftpd.conf');
  const logFile = join(directory, 'vsftpd.log');
  mkdirSync(join(directory, 'empty'));
  const settings = {
    ...listening(setting),
    ...login(setting),
    ...(setting.tls === undefined ? {} : tlsSettings(setting.tls, setting)),
    vsftpd_log_file: logFile,
    xferlog_enable: options.logCommands !== false,
    log_ftp_protocol: options.logCommands !== false,
  };
  const lines = Object.entries(settings).map(
    ([key, value]) => `${key}=${typeof value === 'boolean' ? yes(value) : value}`,
  );
  return {
    command: [serverFile('usr/sbin/vsftpd'), config],
    files: { [config]: `${[...lines, ...(options.extra ?? [])].join('\n')}\n` },
    logFile,
  };
}

const yes = (value: boolean): string => (value ? 'YES' : 'NO');

function listening({ host, port, passivePorts, directory }: ServerSetting): Settings {
  const ipv6 = host.includes(':');
  return {
    listen: !ipv6,
    listen_ipv6: ipv6,
    [ipv6 ? 'listen_address6' : 'listen_address']: host,
    listen_port: port,
    pasv_min_port: passivePorts.first,
    pasv_max_port: passivePorts.last,
    background: false,
    max_clients: 0,
    max_per_ip: 0,
    seccomp_sandbox: false,
    isolate: false,
    isolate_network: false,
    secure_chroot_dir: join(directory, 'empty'),
  };
}

function login({ root }: ServerSetting): Settings {
  return {
    anonymous_enable: false,
    local_enable: true,
    pam_service_name: account.user,
    delay_failed_login: 0,
    delay_successful_login: 0,
    local_root: root,
    chroot_local_user: true,
    allow_writeable_chroot: true,
    write_enable: true,
    local_umask: '022',
  };
}

function tlsSettings(tls: ServerTls, { options }: ServerSetting): Settings {
  return {
    ssl_enable: true,
    implicit_ssl: tls.mode === 'implicit',
    rsa_cert_file: tls.certificate,
    rsa_private_key_file: tls.key,
    ssl_ciphers: 'HIGH',
    ssl_tlsv1: true,
    require_ssl_reuse: options.requireReuse !== false,
    force_local_logins_ssl: options.tlsRequired === true,
    force_local_data_ssl: options.tlsRequired === true,
    ca_certs_file: tls.authority,
    require_cert: options.requireClientCertificate === true,
    validate_cert: options.requireClientCertificate === true,
  };
}
