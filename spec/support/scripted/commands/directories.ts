/** CWD, CDUP, PWD, MKD and RMD. */
import { posix } from 'node:path';
import { type DefaultHandler, type HandlerTable, noSuch, quoted, resolvePath } from './handler.js';

const cwd: DefaultHandler = (session, argument, { tree }) => {
  const path = resolvePath(session, argument);
  if (!tree.isDirectory(path)) return noSuch(session, argument);
  session.state.directory = path;
  return session.reply(`250 Directory changed to ${path}`);
};

const pwd: DefaultHandler = (session) =>
  session.reply(`257 ${quoted(session.state.directory)} is the current directory`);

const mkd: DefaultHandler = (session, argument, { tree }) => {
  const path = resolvePath(session, argument);
  if (tree.get(path) !== undefined) return session.reply(`550 ${argument}: File exists`);
  if (!tree.isDirectory(posix.dirname(path))) return noSuch(session, argument);
  tree.makeDirectory(path);
  return session.reply(`257 ${quoted(path)} created`);
};

const rmd: DefaultHandler = (session, argument, { tree }) => {
  const path = resolvePath(session, argument);
  if (!tree.isDirectory(path)) return noSuch(session, argument);
  if (tree.children(path).length > 0) return session.reply(`550 ${argument}: Directory not empty`);
  tree.remove(path);
  return session.reply('250 Directory removed.');
};

const cdup: DefaultHandler = (session, _argument, server) => cwd(session, '..', server);

export const directoryCommands: HandlerTable = {
  CWD: cwd,
  XCWD: cwd,
  CDUP: cdup,
  XCUP: cdup,
  PWD: pwd,
  XPWD: pwd,
  MKD: mkd,
  XMKD: mkd,
  RMD: rmd,
  XRMD: rmd,
};
