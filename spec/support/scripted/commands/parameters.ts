/** TYPE, MODE, STRU, ALLO, SMNT, SYST, HELP and NOOP. */
import type { HandlerTable } from './handler.js';

export const parameterCommands: HandlerTable = {
  TYPE(session, argument) {
    const [type] = argument.toUpperCase().split(' ');
    if (type !== 'A' && type !== 'I' && type !== 'L') return session.reply('504 Unknown type.');
    session.state.type = type === 'A' ? 'A' : 'I';
    return session.reply(`200 Type set to ${type}.`);
  },
  MODE(session, argument, { features }) {
    const mode = argument.toUpperCase();
    if (mode !== 'S' && !(mode === 'Z' && features.includes('MODE Z'))) return session.reply('504 Unknown mode.');
    session.state.mode = mode;
    return session.reply(`200 Mode set to ${mode}.`);
  },
  STRU: (session, structure) =>
    session.reply(structure.toUpperCase() === 'F' ? '200 Structure set to F.' : '504 Only structure F.'),
  ALLO: (session) => session.reply('202 No storage allocation needed.'),
  SMNT: (session) => session.reply('502 SMNT not implemented.'),
  SYST: (session) => session.reply('215 UNIX Type: L8'),
  HELP: (session) => session.reply('214-The following commands are recognised.\r\n USER PASS QUIT\r\n214 Help ok.'),
  NOOP: (session) => session.reply('200 NOOP ok.'),
};
