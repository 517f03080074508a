/** Answers RETR, STOR, STOU, APPE, REST and ABOR (RFC 959 sections 4.1.2 and 4.1.3). */
import { type Move, receiveAll, sendAll } from '../data-moves.js';
import { LocalLineEnds, withCrlf } from '../line-ends.js';
import { nameOf, parentOf } from '../paths.js';
import { runTransfer } from '../run-transfer.js';
import type { Session } from '../session.js';
import type { TestFile } from '../test-file.js';
import { type CommandServer, type Handler, type HandlerTable, noSuch, pathOf } from './handler.js';

/** An offset counts the bytes of the transfer (RFC 3659 section 5.2), and not those of the file. ProFTPD and pyftpdlib refuse it too. */
const NEEDS_IMAGE = 'A part of a file needs TYPE I.';

const retr: Handler = (session, argument, { files }) => {
  const path = pathOf(session, argument);
  const { restart: start, range, type } = session.state;
  if (type === 'A' && (start > 0 || range !== undefined)) return session.reply(`554 ${NEEDS_IMAGE}`);
  if (files.kind(path) === 'directory') return session.reply(`550 ${argument}: Not a regular file.`);
  const file = files.get(path);
  if (file === undefined) return noSuch(session, argument);
  if (start > file.size) return session.reply(`554 ${argument}: The offset ${start} is behind its end.`);
  const [first, last] = range ?? [start, file.size - 1];
  const end = Math.min(last + 1, file.size);
  const size = type === 'I' ? ` (${Math.max(0, end - first)} bytes)` : '';
  const slices = file.slices(first, end);
  return runTransfer(session, {
    direction: 'send',
    opening: `Opening ${type === 'I' ? 'BINARY' : 'ASCII'} mode data connection for ${argument}${size}.`,
    move: (socket, limit) => sendAll(socket, type === 'I' ? slices : withCrlf(slices), limit),
  });
};

const stor: Handler = (session, argument, server) => {
  const { restart: start, type } = session.state;
  if (type === 'A' && start > 0) return session.reply(`554 ${NEEDS_IMAGE}`);
  const path = pathOf(session, argument);
  const before = server.files.get(path);
  if (start > (before?.size ?? 0)) return session.reply(`554 ${argument}: The offset ${start} is behind its end.`);
  return receive(session, server, { path, keep: start, opening: `Send the data for ${argument}.` });
};

const appe: Handler = (session, argument, server) => {
  const path = pathOf(session, argument);
  return receive(session, server, { path, keep: 'all', opening: `Send the data for ${argument}.` });
};

/** The name of RFC 1123 section 4.1.2.9. It is taken before the 150, so that no other session gets it too. */
const stou: Handler = (session, argument, server) => {
  const wanted = pathOf(session, argument === '' ? 'upload' : argument);
  let path = wanted;
  for (let number = 1; server.files.kind(path) !== undefined; number += 1) path = `${wanted}.${number}`;
  const opening = `FILE: ${argument.includes('/') ? path : nameOf(path)}`;
  return receive(session, server, { path, keep: 'all', opening, isUnique: true });
};

const rest: Handler = (session, argument) => {
  if (!/^\d{1,15}$/.test(argument)) return session.reply('501 This is no offset.');
  if (session.state.type === 'A' && Number(argument) > 0) return session.reply(`501 ${NEEDS_IMAGE}`);
  session.state.restart = Number(argument);
  return session.reply(`350 The next transfer begins at ${argument}.`);
};

const abor: Handler = (session) => {
  const { aborted } = session.state;
  session.state.aborted = false;
  if (aborted) return session.reply('226 The transfer is aborted.');
  session.dataPort.close();
  return session.reply('225 No transfer is under way.');
};

export const transferCommands: HandlerTable = {
  RETR: retr,
  STOR: stor,
  APPE: appe,
  STOU: stou,
  REST: rest,
  ABOR: abor,
};

interface Target {
  readonly path: string;
  /** The number of bytes of an existing file that stay in front. `all`: also those that come by another upload meanwhile. */
  readonly keep: number | 'all';
  readonly opening: string;
  /** The path is free, and must stay so for others. */
  readonly isUnique?: boolean;
}

/** Receives a file. If the connection breaks, the bytes that had come stay, as on other servers. */
async function receive(session: Session, server: CommandServer, target: Target): Promise<void> {
  const { files } = server;
  const { path, opening } = target;
  if (files.kind(path) === 'directory') return session.reply(`553 ${path}: Is a directory.`);
  if (files.kind(parentOf(path)) !== 'directory') return session.reply(`553 ${path}: There is no such directory.`);
  const lineEnds = session.state.type === 'A' ? new LocalLineEnds() : undefined;
  const reserved = target.isUnique && session.dataPort.isSet ? begin(server, target) : undefined;
  let isBegun = false;
  const move: Move = async (socket, limit) => {
    isBegun = true;
    const file = begin(server, target);
    const end = await receiveAll(socket, (chunk) => file.append(lineEnds?.push(chunk) ?? chunk), limit);
    if (lineEnds !== undefined) file.append(lineEnds.end());
    return end;
  };
  await runTransfer(session, { direction: 'receive', opening, move });
  // Without a data connection an upload stores nothing.
  if (!isBegun && reserved !== undefined && files.get(path) === reserved) files.delete(path);
}

/** Puts the file of an upload into the tree. */
function begin({ files, now }: CommandServer, { path, keep }: Target): TestFile {
  const before = files.get(path);
  if (before === undefined) files.set(path, { bytes: '', modified: now() });
  else files.replace(path, keep === 'all' ? before.atEnd(now()) : before.head(Math.min(keep, before.size), now()));
  return files.get(path) as TestFile;
}
