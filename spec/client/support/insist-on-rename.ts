import type { Handler, ScriptedServer, Session } from '../../support/scripted-server.js';

export const proftpd = '220 ProFTPD Server (Debian) [127.0.0.1]';

const OTHERS = ['PWD', 'NOOP', 'SIZE', 'MDTM', 'TYPE', 'EPSV', 'RETR', 'CWD', 'DELE'];

/** After RNFR it answers 501 to anything but RNTO, as ProFTPD does. */
export function insistOnRename(server: ScriptedServer): void {
  const waiting = new WeakSet<Session>();
  const unless: Handler = (session, _argument, { byDefault }) =>
    waiting.has(session) ? session.reply('501 RNTO expected.') : byDefault();
  for (const verb of OTHERS) server.on(verb, unless);
  server.on('RNFR', async (session, argument, command) => {
    if (waiting.has(session)) return unless(session, argument, command);
    waiting.add(session);
    return command.byDefault();
  });
  server.on('RNTO', async (session, _argument, { byDefault }) => {
    waiting.delete(session);
    await byDefault();
  });
}
