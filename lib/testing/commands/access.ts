/** Answers USER, PASS, ACCT, REIN and QUIT (RFC 959 section 4.1.1). */
import type { HandlerTable } from './handler.js';

export const accessCommands: HandlerTable = {
  USER(session, user) {
    session.state.user = user;
    session.state.loggedIn = false;
    return session.reply('331 Send the password.');
  },
  PASS(session, password, server) {
    const { user } = session.state;
    if (user === undefined) return session.reply('503 USER comes first.');
    session.state.loggedIn = server.letsIn(user, password);
    return session.reply(session.state.loggedIn ? '230 Logged in.' : '530 Login incorrect.');
  },
  ACCT: (session) => session.reply('202 No account is needed.'),
  REIN(session) {
    session.reinitialize();
    return session.reply('220 Ready for a new user.');
  },
  async QUIT(session) {
    await session.reply('221 Goodbye.');
    session.end();
  },
};
