/** Answers AUTH, PBSZ, PROT and CCC (RFC 2228 section 3, RFC 4217). */
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
  PBSZ(session, size) {
    if (!session.isSecure) return session.reply('503 AUTH comes first.');
    if (!isBufferSize(size)) return session.reply('501 This is no size.');
    session.state.hasBufferSize = true;
    return session.reply('200 PBSZ=0');
  },
  PROT(session, level) {
    if (!session.isSecure) return session.reply('503 AUTH comes first.');
    if (!session.state.hasBufferSize) return session.reply('503 PBSZ comes first.');
    const wanted = level.toUpperCase();
    if (wanted !== 'C' && wanted !== 'P') return session.reply('536 Only PROT C and PROT P are known.');
    session.state.protection = wanted;
    return session.reply(`200 The protection is ${wanted}.`);
  },
  CCC: (session) => session.reply(session.isSecure ? '534 TLS stays on.' : '533 The connection is in clear text.'),
};

/** A number of 32 bits. TLS needs no buffer, so that the reply is always 0 (RFC 4217 section 8). */
function isBufferSize(size: string): boolean {
  return /^\d{1,10}$/.test(size) && Number(size) < 2 ** 32;
}
