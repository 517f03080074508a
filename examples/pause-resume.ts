/**
 * Pauses a download from outside: while `pause$` says true, the socket is not read and the server has to wait.
 *
 * Run: npx tsx examples/pause-resume.ts
 *  or: npx tsx examples/pause-resume.ts ftp://user:password@host/dir/ large-file
 */
import { BehaviorSubject, lastValueFrom, tap } from 'rxjs';
import { digest, FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

const PAUSE_MS = 300;

await using server = await exampleServer('images/disk.img');
await using ftp = new FtpClient(server.options);

const pause$ = new BehaviorSubject(false);
let bytes = 0;
let paused = false;
function pauseOnce(): void {
  paused = true;
  pause$.next(true);
  const before = bytes;
  setTimeout(() => {
    console.log(`paused for ${PAUSE_MS} ms after ${before} bytes; ${bytes - before} more came meanwhile`);
    pause$.next(false);
  }, PAUSE_MS);
}

const hash$ = ftp.retr$(server.path, { pause$ }).pipe(
  tap((chunk) => {
    bytes += chunk.length;
    if (!paused) pauseOnce();
  }),
  digest('sha256'),
);
const hash = await lastValueFrom(hash$);
console.log(`all ${bytes} bytes came in the end, sha256 ${hash}`);
