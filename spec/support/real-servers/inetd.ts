/**
 * The internet super-server, twenty lines of it: `inetd.py` runs a command for each connection.
 */
import { scriptFile } from './installed.js';
import type { ServerSetting } from './real-server.js';

export function behindInetd({ host, port }: ServerSetting, command: readonly string[]): readonly string[] {
  return ['/usr/bin/python3', scriptFile('inetd.py'), host, String(port), ...command];
}
