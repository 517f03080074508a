/** Answers TYPE, STRU, MODE, ALLO, SITE, SMNT, SYST, HELP and NOOP (RFC 959 sections 4.1.2 and 4.1.3). */
import { VERBS } from '../verbs.js';
import { type HandlerTable, noSuch, pathOf } from './handler.js';

export const parameterCommands: HandlerTable = {
  TYPE(session, argument) {
    const type = argument.toUpperCase();
    if (!/^(A( N)?|I|L 8)$/.test(type)) return session.reply('504 Only the types A, I and L 8 are known.');
    session.state.type = type.startsWith('A') ? 'A' : 'I';
    return session.reply(`200 The type is ${type}.`);
  },
  STRU(session, structure) {
    return session.reply(structure.toUpperCase() === 'F' ? '200 The structure is F.' : '504 Only STRU F is known.');
  },
  MODE: (session, mode) =>
    session.reply(mode.toUpperCase() === 'S' ? '200 The mode is S.' : '504 Only MODE S is known.'),
  ALLO: (session) => session.reply('202 No room has to be allocated.'),
  SMNT: (session) => session.reply('502 There is nothing to mount.'),
  SYST: (session, _argument, { listing }) => session.reply(listing === 'dos' ? '215 Windows_NT' : '215 UNIX Type: L8'),
  HELP(session, topic) {
    if (topic !== '')
      return session.reply(isKnown(topic) ? `214 ${topic.toUpperCase()} is known.` : '502 It is not known.');
    return session.reply('214-These commands are known:', ` ${VERBS.join(' ')}`, '214 End');
  },
  NOOP: (session) => session.reply('200 Nothing was done.'),
  SITE(session, argument, { files }) {
    const [, mode, path] = /^CHMOD ([0-7]{3,4}) (.+)$/i.exec(argument) ?? [];
    if (mode === undefined || path === undefined) return session.reply('504 Only SITE CHMOD is known.');
    const target = pathOf(session, path);
    if (target === '/' || files.kind(target) === undefined) return noSuch(session, path);
    files.change(target, { mode: Number.parseInt(mode, 8) });
    return session.reply('200 The mode is set.');
  },
};

function isKnown(topic: string): boolean {
  return VERBS.includes(topic.toUpperCase());
}
