/**
 * Many small files by as little code as will do, over as many connections as there are to be sessions: no checks, no errors,
 * no timeouts, nothing decoded that is not needed. It tells what Node's sockets, the server and the machine leave to any
 * client; rxjs is imported, as it is by whoever uses it.
 */
import 'rxjs';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { pairOf, readTask, reportWarm, smallNames, type Task } from '../task.js';

const task = readTask();
const sessions = await Promise.all(Array.from({ length: task.sessions }, () => openSession(task)));
await Promise.all(sessions.map((session) => fetchAll(session, ['f0000'])));
await reportWarm(task, () => {
  const names = smallNames(task.count).values();
  return Promise.all(sessions.map((session) => fetchAll(session, names)));
});
for (const { socket } of sessions) socket.destroy();

interface Session {
  readonly socket: Socket;
  /** Sends a line; resolves with its final reply. */
  readonly ask: (line: string) => Promise<string>;
  /** EPSV's reply, asked for when the data of the file before had ended. */
  port?: Promise<string>;
}

async function openSession({ host, port, user, password }: Task): Promise<Session> {
  const socket = connect({ host, port, noDelay: true });
  const waiting: ((reply: string) => void)[] = [];
  const reply = (): Promise<string> => new Promise((resolve) => waiting.push(resolve));
  socket.setEncoding('latin1').on('data', (text) => {
    for (const line of String(text).split('\r\n')) if (/^[2-5]\d\d /.test(line)) waiting.shift()?.(line);
  });
  const ask = (line: string): Promise<string> => {
    socket.write(`${line}\r\n`);
    return reply();
  };
  await reply();
  for (const line of [`USER ${user}`, `PASS ${password}`, 'TYPE I']) await ask(line);
  return { socket, ask };
}

async function fetchAll(session: Session, queue: Iterable<string>): Promise<void> {
  for (const name of queue) {
    const { remote, local } = pairOf(task, name);
    writeFileSync(local, await fetchOne(session, remote));
  }
}

async function fetchOne(session: Session, remote: string): Promise<Buffer> {
  const port = Number((await (session.port ?? session.ask('EPSV'))).split('|')[3]);
  const chunks: Buffer[] = [];
  const onread = {
    buffer: Buffer.allocUnsafe(16_384),
    callback: (length: number, buffer: Uint8Array): boolean => chunks.push(Buffer.from(buffer.subarray(0, length))) > 0,
  };
  const data = connect({ host: task.host, port, onread }).resume();
  await new Promise((resolve) => data.once('connect', resolve));
  const final = session.ask(`RETR ${remote}`);
  await new Promise((resolve) => data.once('end', resolve));
  session.port = session.ask('EPSV');
  await final;
  data.destroy();
  return Buffer.concat(chunks);
}
