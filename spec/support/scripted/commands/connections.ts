/** EPSV, PASV, EPRT and PORT: where the next data connection comes from. */
import type { Session } from '../session.js';
import type { HandlerTable } from './handler.js';

export const connectionCommands: HandlerTable = {
  async EPSV(session, argument, { host }) {
    if (argument.toUpperCase() === 'ALL') return session.reply('200 EPSV ALL ok.');
    const port = await session.listen(host);
    return session.reply(`229 Entering Extended Passive Mode (|||${port}|)`);
  },
  async PASV(session, _argument, { host, options }) {
    const port = await session.listen(host);
    const address = (options.pasvHost ?? host).replaceAll('.', ',');
    return session.reply(`227 Entering Passive Mode (${address},${port >> 8},${port & 0xff}).`);
  },
  EPRT(session, argument) {
    const [, , address = '', port = ''] = argument.split(argument.charAt(0));
    return connectTo(session, address, Number(port));
  },
  PORT(session, argument) {
    const numbers = argument.split(',').map(Number);
    const [high = Number.NaN, low = Number.NaN] = numbers.slice(4);
    return connectTo(session, numbers.slice(0, 4).join('.'), high * 256 + low);
  },
};

function connectTo(session: Session, host: string, port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return session.reply('501 Not an endpoint.');
  session.connectTo({ host, port });
  return session.reply('200 Will connect there.');
}
