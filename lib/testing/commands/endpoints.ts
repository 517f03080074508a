/**
 * Answers EPSV, PASV, EPRT and PORT, which choose the next data connection (RFC 959 section 4.1.2, RFC 2428).
 *
 * In active mode the server connects only to the client's own address. So a client cannot use it against another host.
 */
import { plainAddress } from '../../net/address.js';
import type { Endpoint } from '../../protocol/endpoint.js';
import { HOST } from '../server-sockets.js';
import type { Session } from '../session.js';
import type { Handler, HandlerTable } from './handler.js';

const epsv: Handler = async (session, argument) => {
  if (argument.toUpperCase() === 'ALL') {
    session.state.epsvAll = true;
    return session.reply('200 From now on EPSV alone.');
  }
  if (argument !== '' && argument !== '1') return session.reply('522 Network protocol not supported, use (1)');
  return session.reply(`229 Entering Extended Passive Mode (|||${await session.dataPort.listen()}|)`);
};

const pasv: Handler = async (session) => {
  const port = await session.dataPort.listen();
  return session.reply(`227 Entering Passive Mode (${HOST.replaceAll('.', ',')},${port >> 8},${port & 0xff}).`);
};

const eprt: Handler = (session, argument) => {
  const [, family, host = '', port = ''] = argument.split(argument.charAt(0));
  if (family !== '1') return session.reply('522 Network protocol not supported, use (1)');
  return connectTo(session, { host, port: /^\d{1,5}$/.test(port) ? Number(port) : 0 });
};

const port: Handler = (session, argument) => {
  const numbers = /^\d{1,3}(,\d{1,3}){5}$/.test(argument) ? argument.split(',').map(Number) : [];
  if (numbers.length === 0 || numbers.some((number) => number > 255)) return session.reply('501 This is no address.');
  const [high = 0, low = 0] = numbers.slice(4);
  return connectTo(session, { host: numbers.slice(0, 4).join('.'), port: high * 256 + low });
};

export const endpointCommands: HandlerTable = {
  EPSV: epsv,
  PASV: unlessEpsvAll(pasv),
  EPRT: unlessEpsvAll(eprt),
  PORT: unlessEpsvAll(port),
};

function unlessEpsvAll(handler: Handler): Handler {
  return (session, argument, server) =>
    session.state.epsvAll ? session.reply('501 EPSV ALL came before.') : handler(session, argument, server);
}

function connectTo(session: Session, to: Endpoint): Promise<void> {
  if (to.port < 1 || to.port > 65_535) return session.reply('501 This is no port.');
  if (to.host !== plainAddress(session.peer)) return session.reply('504 Only your own address can be connected to.');
  session.dataPort.connectTo(to);
  return session.reply('200 The data connection will go there.');
}
