/** USER, PASS, ACCT, REIN and QUIT. */
import type { HandlerTable } from './handler.js';

export const accessCommands: HandlerTable = {
  USER(session, user) {
    session.state.user = user;
    session.state.loggedIn = false;
    return session.reply(`331 Password required for ${user}.`);
  },
  PASS(session, password, { options }) {
    const { user } = session.state;
    if (user === '') return session.reply('503 Login with USER first.');
    if (options.users !== undefined && options.users[user] !== password) return session.reply('530 Login incorrect.');
    session.state.loggedIn = true;
    return session.reply('230 Logged in.');
  },
  ACCT: (session) => session.reply('202 No account needed.'),
  REIN(session) {
    session.state.loggedIn = false;
    session.state.user = '';
    return session.reply('220 Ready for a new user.');
  },
  async QUIT(session) {
    await session.reply('221 Goodbye.');
    await session.closeControl('fin');
  },
};
