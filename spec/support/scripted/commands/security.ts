/** AUTH, PBSZ, PROT and CCC (RFC 4217). */
import type { HandlerTable } from './handler.js';

export const securityCommands: HandlerTable = {
  async AUTH(session, mechanism, { tls }) {
    if (tls?.mode !== 'explicit') return session.reply('502 AUTH not implemented.');
    if (!/^(TLS|SSL|TLS-C)$/i.test(mechanism)) return session.reply(`504 ${mechanism} is not supported.`);
    // Not awaited: the handshake must be ready in the turn that sends the last byte of the 234.
    void session.reply('234 Proceed with negotiation.');
    return session.upgrade();
  },
  PBSZ: (session) => session.reply(session.secure ? '200 PBSZ=0' : '503 PBSZ needs a secure connection.'),
  PROT(session, level) {
    if (!session.secure) return session.reply('503 PROT needs a secure connection.');
    if (level !== 'P' && level !== 'C') return session.reply(`536 PROT ${level} is not supported.`);
    session.state.protection = level;
    return session.reply(`200 PROT is ${level}.`);
  },
  CCC(session, _argument, { options }) {
    if (options.ccc !== true) return session.reply('534 CCC refused by policy.');
    void session.reply('200 The control connection may be cleared.');
    return session.allowClear();
  },
};
