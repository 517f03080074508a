/** Starts ftp-srv in a process of its own, and shows it as the real servers are shown. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CertificateAuthority } from '../certificates.js';
import type { EmbeddedServerOptions } from '../embedded-server.js';
import { account } from '../real-servers/account.js';
import type { ServerOptions } from '../real-servers/real-server.js';
import type { ListeningMessage } from './ftp-srv-process.js';
import type { InteropServer } from './interop-server.js';

const program = fileURLToPath(new URL('./ftp-srv-process.ts', import.meta.url));

export async function startFtpSrv({ tls = false }: ServerOptions): Promise<InteropServer> {
  const authority = tls === false ? undefined : await CertificateAuthority.create();
  const options: EmbeddedServerOptions = {
    users: { [account.user]: account.password },
    ...(authority === undefined ? {} : { tls: { ...(await authority.issue()), implicit: tls === 'implicit' } }),
  };
  const child = fork(program, {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, TZ: 'UTC', TMPDIR: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send(options);
  const [{ host, port, root }] = (await once(child, 'message', { signal: AbortSignal.timeout(15_000) })) as [
    ListeningMessage,
  ];
  return {
    ...{ name: 'ftp-srv', host, port, root, home: '/', user: account.user, password: account.password },
    secure: tls,
    ...(authority === undefined ? {} : { ca: authority.cert }),
    log: () => '',
    adopt: async () => undefined,
    stop: async () => {
      if (!child.connected) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
