/** Answers DELE, RNFR and RNTO, SIZE, MDTM and MFMT (RFC 959 section 4.1.3, RFC 3659, draft-somers-ftp-mfxx). */

import { formatTimestamp, readTimestamp } from '../../protocol/timestamp.js';
import { parentOf } from '../paths.js';
import { modifiedOf } from '../test-file.js';
import { type HandlerTable, noSuch, pathOf } from './handler.js';

export const fileCommands: HandlerTable = {
  DELE(session, argument, { files }) {
    const path = pathOf(session, argument);
    const kind = files.kind(path);
    if (kind === undefined) return noSuch(session, argument);
    if (kind === 'directory') return session.reply(`550 ${argument}: Is a directory.`);
    files.delete(path);
    return session.reply('250 The file is deleted.');
  },
  RNFR(session, argument, { files }) {
    const path = pathOf(session, argument);
    if (path === '/' || files.kind(path) === undefined) return noSuch(session, argument);
    session.state.renameFrom = path;
    return session.reply('350 RNTO comes next.');
  },
  RNTO(session, argument, { files }) {
    const { renameFrom: from } = session.state;
    if (from === undefined) return session.reply('503 RNFR comes first.');
    session.state.renameFrom = undefined;
    const to = pathOf(session, argument);
    if (files.kind(parentOf(to)) !== 'directory') return noSuch(session, argument);
    const isTaken = files.kind(to) !== undefined && [files.kind(from), files.kind(to)].includes('directory');
    if (isTaken || to.startsWith(`${from}/`)) return session.reply(`553 ${argument}: Not there.`);
    if (to !== from) files.move(from, to);
    return session.reply('250 It is renamed.');
  },
  SIZE(session, argument, { files }) {
    // The size in ASCII is that of the converted text. ProFTPD and pyftpdlib refuse to count it, too.
    if (session.state.type === 'A') return session.reply('550 SIZE needs TYPE I.');
    const path = pathOf(session, argument);
    if (files.kind(path) === 'directory') return session.reply(`550 ${argument}: Is a directory.`);
    const file = files.get(path);
    return file === undefined ? noSuch(session, argument) : session.reply(`213 ${file.size}`);
  },
  MDTM(session, argument, { files }) {
    const path = pathOf(session, argument);
    if (files.kind(path) === undefined) return noSuch(session, argument);
    return session.reply(`213 ${formatTimestamp(modifiedOf(files.entry(path)))}`);
  },
  MFMT(session, argument, { files }) {
    const [, stamp = '', path = ''] = /^(\S+) (.+)$/.exec(argument) ?? [];
    const modified = readTimestamp(stamp);
    if (modified === undefined) return session.reply('501 This is no time.');
    const target = pathOf(session, path);
    if (target === '/' || files.kind(target) === undefined) return noSuch(session, path);
    files.change(target, { modified });
    return session.reply(`213 Modify=${formatTimestamp(modified)}; ${path}`);
  },
};
