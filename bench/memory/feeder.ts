/**
 * Serves any number of bytes and entries: `RETR /bytes-N` sends N bytes, `MLSD /entries-N` N lines.
 *
 * It runs in its own process, so that its memory is not the client's. Prints its port; ends when its stdin does.
 */
import { type Session, scriptedServer } from '../../spec/support/scripted-server.js';
import { mlsdLine } from '../scenarios/content.js';

const piece = Buffer.alloc(2 ** 20, 'rxftp ');
const linesAtOnce = 5000;

function* bytesOf(count: number): Generator<Uint8Array> {
  for (let left = count; left > 0; left -= piece.length) yield piece.subarray(0, left);
}

function* linesOf(count: number): Generator<Uint8Array> {
  for (let from = 0; from < count; from += linesAtOnce) {
    const lines = Array.from({ length: Math.min(linesAtOnce, count - from) }, (_, index) => mlsdLine(from + index));
    yield Buffer.from(`${lines.join('\r\n')}\r\n`);
  }
}

async function feed(session: Session, chunks: Iterable<Uint8Array>): Promise<void> {
  await session.rawData();
  await session.reply('150 Here it comes.');
  const outcome = await session.sendData('', { chunks });
  await session.reply(outcome === 'done' ? '226 That was all.' : '426 Cut off.');
}

const countIn = (argument: string): number => Number(argument.split('-')[1]);

const server = await scriptedServer();
server.on('RETR', (session, argument) => feed(session, bytesOf(countIn(argument))));
server.on('MLSD', (session, argument) => feed(session, linesOf(countIn(argument))));
process.stdin.resume().once('end', () => void server.close());
console.log(server.port);
