/** RETR, STOR, APPE, STOU and REST, and the life of any transfer: open, 150, move, final reply; or cut and aborted. */
import { posix } from 'node:path';
import { TLSSocket } from 'node:tls';
import { abortAnswer } from '../abort-style.js';
import type { MoveOutcome } from '../data-moves.js';
import type { EventOf } from '../journal.js';
import type { Session } from '../session.js';
import { type CommandServer, type DefaultHandler, type HandlerTable, noSuch, resolvePath } from './handler.js';

/** Runs one transfer: `opening` is the text of its 150, `move` moves the bytes. */
export async function transfer(
  session: Session,
  server: CommandServer,
  opening: string,
  move: () => Promise<MoveOutcome>,
): Promise<void> {
  const startedAt = server.events.length;
  if (session.link === undefined) return session.reply('425 Use PASV or PORT first.');
  if (!(await connected(session))) return session.reply('425 Failed to establish connection.');
  void session.reply(`150 ${opening}`);
  if (!(await secured(session, server))) return;
  const outcome = await move();
  session.link = undefined;
  if (outcome === 'done') return session.reply('226 Transfer complete.');
  return cutOff(session, server, startedAt);
}

function connected(session: Session): Promise<boolean> {
  return session.rawData().then(
    () => true,
    () => false,
  );
}

async function secured(session: Session, { tls }: CommandServer): Promise<boolean> {
  try {
    const socket = await session.data();
    const reused = !(socket instanceof TLSSocket) || socket.isSessionReused();
    if (reused || tls?.requireReuse !== true) return true;
    await session.reply('522 SSL connection failed: session reuse required.');
    await session.closeControl('fin');
  } catch {
    // A failed handshake is the client's doing; the reply says so.
    await session.reply('425 TLS negotiation failed on data connection.');
  }
  session.link?.reset();
  return false;
}

/** The final replies of a transfer whose data connection went away. */
async function cutOff(session: Session, server: CommandServer, startedAt: number): Promise<void> {
  const answer = abortAnswer(server.abort);
  if (answer.aborFirst === true && answer.abor !== undefined) {
    const where = (event: EventOf<'command'>): boolean =>
      event.seq > startedAt && event.session === session.id && event.verb === 'ABOR';
    await server.event('command', { where });
    session.state.aborAnswered = true;
    void session.reply(answer.abor);
  }
  if (answer.transfer !== undefined) await session.reply(answer.transfer);
  if (answer.hangsUp === true) await session.closeControl('fin');
}

const abor: DefaultHandler = (session, _argument, server) => {
  const { abor: answer } = abortAnswer(server.abort);
  if (session.state.aborAnswered || answer === undefined) {
    session.state.aborAnswered = false;
    return undefined;
  }
  return session.reply(answer);
};

const retr: DefaultHandler = (session, argument, server) => {
  const file = server.tree.file(resolvePath(session, argument));
  const start = takeRestart(session);
  if (file === undefined) return noSuch(session, argument);
  if (start > file.bytes.length) return session.reply(`554 Restart offset ${start} is past the end.`);
  const opening = `Opening BINARY mode data connection for ${argument} (${file.bytes.length} bytes).`;
  const bytes = file.bytes.subarray(start);
  return transfer(session, server, opening, () =>
    session.sendData(session.state.type === 'A' ? withCrlf(bytes) : bytes),
  );
};

/** Receives a file; what had come when the connection was cut off stays, as on every server but ftp-srv. */
function receive(
  session: Session,
  server: CommandServer,
  target: { path: string; kept: Buffer; opening: string },
): Promise<void> {
  return transfer(session, server, target.opening, async () => {
    const file = server.tree.write(target.path, target.kept);
    const { bytes, outcome } = await session.receiveData();
    const received = session.state.type === 'A' ? withLf(bytes) : bytes;
    file.bytes = Buffer.concat([target.kept, received]);
    return outcome;
  });
}

const stor: DefaultHandler = (session, argument, server) => {
  const path = resolvePath(session, argument);
  const start = takeRestart(session);
  if (!server.tree.isDirectory(posix.dirname(path))) return session.reply(`553 ${argument}: Could not create file.`);
  const kept = (server.tree.file(path)?.bytes ?? Buffer.alloc(0)).subarray(0, start);
  if (start > kept.length) return session.reply(`554 Restart offset ${start} is past the end.`);
  return receive(session, server, { path, kept, opening: `Ok to send data for ${argument}.` });
};

const appe: DefaultHandler = (session, argument, server) => {
  const path = resolvePath(session, argument);
  if (!server.tree.isDirectory(posix.dirname(path))) return session.reply(`553 ${argument}: Could not create file.`);
  const kept = server.tree.file(path)?.bytes ?? Buffer.alloc(0);
  return receive(session, server, { path, kept, opening: `Ok to append to ${argument}.` });
};

const stou: DefaultHandler = (session, argument, server) => {
  const stem = resolvePath(session, argument === '' ? 'stou' : argument);
  if (!server.tree.isDirectory(posix.dirname(stem))) return session.reply(`553 ${argument}: Could not create file.`);
  let path = stem;
  for (let suffix = 1; server.tree.get(path) !== undefined; suffix += 1) path = `${stem}.${suffix}`;
  return receive(session, server, { path, kept: Buffer.alloc(0), opening: `FILE: ${posix.basename(path)}` });
};

const rest: DefaultHandler = (session, argument) => {
  if (!/^\d{1,15}$/.test(argument)) return session.reply('501 Not an offset.');
  session.state.restart = Number(argument);
  return session.reply(`350 Restarting at ${argument}.`);
};

export const transferCommands: HandlerTable = {
  RETR: retr,
  STOR: stor,
  APPE: appe,
  STOU: stou,
  REST: rest,
  ABOR: abor,
};

function takeRestart(session: Session): number {
  const start = session.state.restart;
  session.state.restart = 0;
  return start;
}

function withCrlf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}

function withLf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
