/** Answers CWD, CDUP, PWD, MKD and RMD, and their X forms of RFC 775. */
import { parentOf, prefixOf } from '../paths.js';
import { type Handler, type HandlerTable, noSuch, pathOf, quoted } from './handler.js';

const cwd: Handler = (session, argument, { files }) => {
  const path = pathOf(session, argument);
  const kind = files.kind(path);
  if (kind === undefined) return noSuch(session, argument);
  if (kind === 'file') return session.reply(`550 ${argument}: Not a directory.`);
  session.state.directory = path;
  return session.reply(`250 The directory is ${path}`);
};

const cdup: Handler = (session, _argument, server) => cwd(session, '..', server);

const pwd: Handler = (session) => session.reply(`257 ${quoted(session.state.directory)} is the directory.`);

const mkd: Handler = (session, argument, { files, now }) => {
  const path = pathOf(session, argument);
  if (files.kind(path) !== undefined) return session.reply(`550 ${argument}: It exists.`);
  if (files.kind(parentOf(path)) !== 'directory') return noSuch(session, argument);
  files.set(prefixOf(path), { bytes: '', modified: now() });
  return session.reply(`257 ${quoted(path)} is made.`);
};

const rmd: Handler = (session, argument, { files }) => {
  const path = pathOf(session, argument);
  const kind = files.kind(path);
  if (kind === undefined) return noSuch(session, argument);
  if (kind === 'file') return session.reply(`550 ${argument}: Not a directory.`);
  if (path === '/' || !files.isEmpty(path)) return session.reply(`550 ${argument}: Directory not empty.`);
  files.delete(prefixOf(path));
  return session.reply('250 The directory is removed.');
};

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
