/** AUTH, PBSZ, PROT and CCC (RFC 4217). */
import type { HandlerTable } from './handler.js';

export const securityCommands: HandlerTable = {
  async AUTH(session, mechanism, { tls, mode }) {
    if (tls === undefined || mode !== 'explicit') return session.reply('502 This server has no AUTH.');
    if (session.isSecure) return session.reply('503 The connection is secure already.');
    if (!/^TLS(-C)?$/i.test(mechanism)) return session.reply('504 Only AUTH TLS is known.');
    await session.reply('234 Begin TLS.');
    if (!(await session.secure())) return;
    session.reinitialize();
    session.resume();
  },
  PBSZ(session) {
    return session.reply(session.isSecure ? '200 PBSZ=0' : '503 AUTH comes first.');
  },
  PROT(session, level) {
    if (!session.isSecure) return session.reply('503 AUTH comes first.');
    const wanted = level.toUpperCase();
    if (wanted !== 'C' && wanted !== 'P') return session.reply('536 Only PROT C and PROT P are known.');
    session.state.protection = wanted;
    return session.reply(`200 The protection is ${wanted}.`);
  },
  CCC: (session) => session.reply(session.isSecure ? '534 TLS stays on.' : '533 The connection is in clear text.'),
};
