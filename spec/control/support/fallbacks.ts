/** Gives specs of a login the fallbacks of a client, and the loss of a session. */
import type { FtpClient, FtpEvent } from '../../../lib/index.js';
import type { ScriptedServer } from '../../support/scripted-server.js';

/** The `fallback` events of a client from now on. */
export function fallbacks(ftp: FtpClient): FtpEvent[] {
  const told: FtpEvent[] = [];
  ftp.events$.subscribe((event) => {
    if (event.type === 'fallback') told.push(event);
  });
  return told;
}

/** The server ends its last session; resolves when it is closed. */
export async function lose(server: ScriptedServer): Promise<void> {
  const { length } = server.sessions;
  await server.sessions.at(-1)?.closeControl('fin');
  await server.event('control-closed', { where: ({ session }) => session === length });
}
