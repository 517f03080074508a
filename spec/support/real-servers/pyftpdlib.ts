/**
 * pyftpdlib: one asynchronous Python process; the one with all of MLSD, MLST and MFMT. `pyftpdlib-server.py` is the server.
 */
import { join } from 'node:path';
import { account, requireAccountIds } from './account.js';
import { scriptFile, serverFile } from './installed.js';
import type { ServerProgram, ServerSetting } from './real-server.js';

export function pyftpdlib(setting: ServerSetting): ServerProgram {
  const { directory, root, host, port, passivePorts, tls, options } = setting;
  const config = join(directory, 'pyftpdlib.json');
  return {
    command: ['/usr/bin/python3', scriptFile('pyftpdlib-server.py'), config],
    environment: {
      PYTHONPATH: serverFile('usr/lib/python3/dist-packages'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
    },
    files: {
      [config]: JSON.stringify({
        ...{ root, host, port, user: account.user, password: account.password, ids: requireAccountIds() },
        passivePorts: [passivePorts.first, passivePorts.last],
        logCommands: options.logCommands !== false,
        tls: tls === undefined ? null : { ...tls, required: options.tlsRequired === true },
        requireClientCertificate: options.requireClientCertificate === true,
      }),
    },
  };
}
