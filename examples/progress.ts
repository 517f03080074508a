/**
 * Shows the progress of a download that is written to disk chunk by chunk, and of an upload.
 *
 * Run: npx tsx examples/progress.ts
 *  or: npx tsx examples/progress.ts ftp://user:password@host/dir/ file
 */
import { open } from 'node:fs/promises';
import { lastValueFrom, tap } from 'rxjs';
import { FtpClient, paced, progress, type TransferProgress } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('images/disk.img');
await using ftp = new FtpClient(server.options);

function show({ bytes, total, bytesPerSecond, etaMs, done, verified }: TransferProgress): void {
  const share = total === undefined ? '' : ` ${Math.floor((bytes / total) * 100)} %`;
  const speed = `${(bytesPerSecond / 1024 / 1024).toFixed(1)} MiB/s`;
  const left = etaMs === undefined || done ? '' : `, ${Math.ceil(etaMs / 1000)} s left`;
  console.log(`${bytes} bytes${share}, ${speed}${left}${done ? `, done, verified: ${verified}` : ''}`);
}

const total = await lastValueFrom(ftp.size$(server.path));
const file = await open(server.local(server.path), 'w+');
// `paced` holds the server back until the disk has taken a chunk; a number counts as so many bytes.
const written$ = ftp.retr$(server.path).pipe(paced((chunk) => file.appendFile(chunk).then(() => chunk.length)));
await lastValueFrom(written$.pipe(progress({ total, intervalMs: 50 }), tap(show)));

const copy = `${server.path}.copy`;
const source = file.createReadStream({ start: 0 });
await lastValueFrom(ftp.stor$(copy, source, { progressIntervalMs: 50 }).pipe(tap(show)));
await lastValueFrom(ftp.dele$(copy));
