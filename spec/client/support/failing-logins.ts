/** Servers on which every connection fails before it has answered an operation, in one way each. */
import { connectSocket, type FtpOptions } from '../../../lib/index.js';
import {
  type Handler,
  type ScriptedServer,
  type ScriptedServerOptions,
  type Session,
  scriptedServer,
} from '../../support/scripted-server.js';

export interface WayToFail {
  readonly name: string;
  readonly options?: ScriptedServerOptions;
  readonly prepare?: (server: ScriptedServer) => void;
  /** The client learns of the end before it can send an operation. */
  readonly whole?: true;
  /** The login itself fails. */
  readonly inLogin?: true;
  /** The server says 421. */
  readonly says421?: true;
}

/** Sends these bytes in one packet, then ends the connection. */
function last(bytes: string, how: 'fin' | 'rst' = 'fin'): Handler {
  return async (session: Session) => {
    await session.replyRaw(bytes);
    await session.closeControl(how);
  };
}

/** Answers the verb as always, then ends the connection at once. */
function after(verb: string, how: 'fin' | 'rst'): WayToFail {
  const handler: Handler = async (session, _argument, command) => {
    await command.byDefault();
    await session.closeControl(how);
  };
  return {
    name: `${how.toUpperCase()} right after the reply to ${verb}`,
    prepare: (server) => server.on(verb, handler),
  };
}

function at(verb: string, name: string, handler: Handler, more: Partial<WayToFail> = {}): WayToFail {
  return { name, prepare: (server) => server.on(verb, handler), ...more };
}

export const WAYS_TO_FAIL: readonly WayToFail[] = [
  {
    name: '421 as the greeting',
    options: { greeting: last('421 too many\r\n') as (session: Session) => unknown },
    inLogin: true,
    says421: true,
  },
  at('PASS', '421 to PASS', last('421 too many\r\n'), { inLogin: true, says421: true }),
  at('FEAT', '421 in one packet with the reply to FEAT', last('211 none\r\n421 too many\r\n'), {
    says421: true,
    whole: true,
  }),
  at('OPTS', '421 in one packet with the reply to OPTS', last('200 ok\r\n421 too many\r\n'), {
    says421: true,
    whole: true,
  }),
  at('FEAT', 'text that is no reply behind the reply to FEAT', last('211 none\r\ngarbage\r\n')),
  at('FEAT', 'NUL behind the reply to FEAT', last('211 none\r\n\0\0\0')),
  ...(['PASS', 'FEAT', 'OPTS'] as const).flatMap((verb) => [after(verb, 'fin'), after(verb, 'rst')]),
  at('HELP', '421 to the first command', last('421 too many\r\n'), { says421: true }),
  at('HELP', 'FIN in place of the first reply', (session) => session.closeControl('fin')),
  at('HELP', 'RST in place of the first reply', (session) => session.closeControl('rst')),
];

/** Says 421 behind the reply to OPTS at the next logins, so many times. */
export function dropNext(server: ScriptedServer, times: number): void {
  const drop: Handler = (session) => session.replyRaw('200 ok\r\n421 too many\r\n');
  for (let time = 0; time < times; time += 1) server.once('OPTS', drop);
}

/** Options that lead to a port where nothing listens, and how often it was tried. */
export async function refusedPort(): Promise<{ readonly options: FtpOptions; readonly tries: () => number }> {
  const server = await scriptedServer();
  const { host, port } = server;
  await server.close();
  let tries = 0;
  const connector: FtpOptions['connector'] = (endpoint, signal) => {
    tries += 1;
    return connectSocket(endpoint, signal);
  };
  return { options: { host, port, connector }, tries: () => tries };
}
