/**
 * inetutils ftpd, of the BSD family: plain FTP only, one process for each connection, started by `inetd.py`.
 *
 * It does not change its root, and takes the home directory from the system. That one is `/proc/self/cwd`: where inetd
 * was started, so each instance has a root of its own. It has no range for passive ports: the kernel picks them.
 */
import { behindInetd } from './inetd.js';
import { serverFile } from './installed.js';
import type { ServerProgram, ServerSetting } from './real-server.js';

export function inetutils(setting: ServerSetting): ServerProgram {
  const ftpd = [serverFile('usr/sbin/ftpd'), '--auth=pam', '--umask=022', ...(setting.options.extra ?? [])];
  return { command: behindInetd(setting, ftpd), workingDirectory: setting.root };
}
