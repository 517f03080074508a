/** DELE, RNFR and RNTO, SIZE, MDTM, MFMT, AVBL, and SITE CHMOD. */
import { type HandlerTable, noSuch, resolvePath } from './handler.js';
import { parseTimeVal, timeVal } from './time-val.js';

export const fileCommands: HandlerTable = {
  DELE(session, argument, { tree }) {
    const path = resolvePath(session, argument);
    if (tree.file(path) === undefined) return noSuch(session, argument);
    tree.remove(path);
    return session.reply('250 File deleted.');
  },
  RNFR(session, argument, { tree }) {
    const path = resolvePath(session, argument);
    if (tree.get(path) === undefined) return noSuch(session, argument);
    session.state.renameFrom = path;
    return session.reply('350 Ready for RNTO.');
  },
  RNTO(session, argument, { tree }) {
    const from = session.state.renameFrom;
    if (from === undefined) return session.reply('503 RNFR first.');
    session.state.renameFrom = undefined;
    tree.rename(from, resolvePath(session, argument));
    return session.reply('250 Renamed.');
  },
  SIZE(session, argument, { tree }) {
    // The default type is A; ProFTPD and pyftpdlib refuse SIZE in it.
    if (session.state.type === 'A') return session.reply('550 SIZE not allowed in ASCII mode.');
    const file = tree.file(resolvePath(session, argument));
    return file === undefined ? noSuch(session, argument) : session.reply(`213 ${file.bytes.length}`);
  },
  MDTM(session, argument, { tree }) {
    const node = tree.get(resolvePath(session, argument));
    return node === undefined ? noSuch(session, argument) : session.reply(`213 ${timeVal(node.modified)}`);
  },
  AVBL(session, argument, { tree }) {
    return tree.isDirectory(resolvePath(session, argument)) ? session.reply('213 5000000') : noSuch(session, argument);
  },
  MFMT(session, argument, { tree }) {
    const [stamp = '', ...words] = argument.split(' ');
    const path = words.join(' ');
    const node = tree.get(resolvePath(session, path));
    const modified = parseTimeVal(stamp);
    if (modified === undefined) return session.reply('501 Not a time.');
    if (node === undefined) return noSuch(session, path);
    node.modified = modified;
    return session.reply(`213 Modify=${timeVal(modified)}; ${path}`);
  },
  SITE(session, argument, { tree }) {
    const [, path] = /^CHMOD [0-7]{3,4} (.+)$/i.exec(argument) ?? [];
    if (path === undefined) return session.reply('504 Unknown SITE command.');
    return tree.get(resolvePath(session, path)) === undefined
      ? noSuch(session, path)
      : session.reply('200 SITE CHMOD command ok.');
  },
};
