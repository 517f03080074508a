/**
 * A recipe of your own: downloads a file to two places at once, by the sinks that `download$` uses. No byte is copied in memory.
 *
 * Run: npx tsx examples/own-recipe.ts
 */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, defer, finalize, ignoreElements, lastValueFrom, type Observable } from 'rxjs';
import { FtpClient, type FtpOperations, type TransferProgress } from '../lib/index.js';
import { FileWriter, moveBytes$ } from '../lib/sinks/index.js';
import { testServer } from '../lib/testing/index.js';

type Ftp = Pick<FtpOperations, 'retr$'>;

/** Emits progress. Completes when the bytes are on both disks. Unsubscribing aborts the transfer. */
function downloadTwice$(ftp: Ftp, remote: string, ...paths: readonly string[]): Observable<TransferProgress> {
  return defer(() => {
    const writers = paths.map((path) => new FileWriter(() => open(path, 'wx')));
    const each = (work: (writer: FileWriter) => Promise<void>): Promise<unknown> => Promise.all(writers.map(work));
    const moved$ = moveBytes$(ftp.retr$(remote), async (views) => void (await each((writer) => writer.write(views))));
    const synced$ = defer(() => each((writer) => writer.sync())).pipe(ignoreElements());
    return concat(moved$, synced$).pipe(finalize(() => void each((writer) => writer.close()).catch(() => undefined)));
  });
}

const folder = await mkdtemp(join(tmpdir(), 'own-recipe-'));
await using server = await testServer({ files: { '/big.iso': Buffer.alloc(5_000_000, 'rxftp ') } });
await using ftp = new FtpClient(server.options);
const paths = [join(folder, 'one.iso'), join(folder, 'other.iso')] as const;
const { bytes, done } = await lastValueFrom(downloadTwice$(ftp, '/big.iso', ...paths));
const [one, other] = await Promise.all(paths.map((path) => readFile(path)));
console.log(`${bytes} bytes, done: ${done}; the two are ${one?.equals(other ?? one) ? 'the same' : 'not the same'}`);
await rm(folder, { recursive: true });
