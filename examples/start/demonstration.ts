/**
 * The whole toolkit at work on a server inside this process: nothing is needed, and nothing is left behind.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { lastValueFrom, tap } from 'rxjs';
import { digest, FtpClient, throttleBytes, toReadable } from '../../lib/index.js';
import { EmbeddedServer } from '../support/embedded-server.js';
import { MADE_UP, MIB, madeUpTree } from '../support/made-up-tree.js';
import { bar, type Screen, size } from './screen.js';
import { cancelAndProve, list, logIn, type Stage } from './steps.js';
import { Wire } from './wire.js';

/** Slow enough to watch: over loopback a file comes faster than the eye sees. */
const BYTES_PER_SECOND = 2 * MIB;
const UPLOADED = 'incoming/report.csv';

/** Runs the demonstration; rejects with its error, and leaves nothing behind. */
export async function demonstrate(screen: Screen, showWire: boolean, signal: AbortSignal): Promise<void> {
  await using server = await EmbeddedServer.start({ files: madeUpTree(), users: { demo: 'a-secret' } });
  screen.say(`An FTP server now runs inside this process, at ${server.host}:${server.port}, over made-up files.`);
  screen.say('It is ftp-srv, which knows no MLSD by itself: examples/support adds that, and mends a few faults.');
  screen.say('Lines with > are commands as they go out, lines with < are replies as they come in.');
  const { host, port } = server;
  const ftp = new FtpClient({ host, port, user: 'demo', password: 'a-secret', signal });
  const folder = await mkdtemp(join(tmpdir(), 'rxftp-start-'));
  try {
    await perform({ ftp, screen, wire: new Wire(ftp, screen, showWire) }, folder);
  } finally {
    await ftp[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

async function perform(stage: Stage, folder: string): Promise<void> {
  await logIn(stage);
  await list(stage);
  await unpack(stage, folder);
  await cancelAndProve(stage, MADE_UP.image, await lastValueFrom(stage.ftp.size$(MADE_UP.image)));
  const sent = await upload(stage);
  await compare(stage, sent);
  await quit(stage);
}

/** A Node pipeline: the server is held back by the slowest part of it. */
async function unpack({ ftp, screen }: Stage, folder: string): Promise<void> {
  const total = await lastValueFrom(ftp.size$(MADE_UP.archive));
  screen.heading(`Stream ${MADE_UP.archive} through gunzip to disk, at ${size(BYTES_PER_SECOND)}/s`);
  let bytes = 0;
  const bytes$ = ftp.retr$(MADE_UP.archive).pipe(
    throttleBytes(BYTES_PER_SECOND),
    tap((chunk) => {
      bytes += chunk.length;
      screen.live(`${bar(bytes / total)}  ${size(bytes)} of ${size(total)}`, bytes / total);
    }),
  );
  const file = join(folder, 'archive.log');
  await pipeline(toReadable()(bytes$), createGunzip(), createWriteStream(file));
  screen.line(`${size((await stat(file)).size)} of text are on disk. The slowest part held the others back.`);
}

/** Uploads what is made while it is sent; resolves with its hash. */
async function upload({ ftp, screen }: Stage): Promise<string> {
  screen.heading(`Upload ${UPLOADED} from a generator`);
  const hash = createHash('sha256');
  function* rows(): Generator<string> {
    for (let row = 0; row < 200_000; row += 1) {
      const text = `${row};${(row * 7919) % 1000}\n`;
      hash.update(text);
      yield text;
    }
  }
  const last = await lastValueFrom(ftp.stor$(UPLOADED, rows(), { verify: 'size' }));
  screen.line(`${size(last.bytes)} sent in ${Math.round(last.elapsedMs)} ms; SIZE on the server says the same.`);
  return hash.digest('hex');
}

async function compare({ ftp, screen }: Stage, sent: string): Promise<void> {
  screen.heading('Download it again through a hash');
  const received = await lastValueFrom(ftp.retr$(UPLOADED).pipe(digest('sha256')));
  screen.line(`sent      sha256 ${sent}`);
  screen.line(`received  sha256 ${received}`);
  if (received !== sent) throw new Error('What came back is not what was sent.');
  screen.line('The same.');
}

async function quit({ ftp, screen, wire }: Stage): Promise<void> {
  screen.heading('Quit');
  await wire.during(() => lastValueFrom(ftp.close$()));
  screen.line('The connection is closed, the server stopped, and every file of this demonstration removed.');
}
