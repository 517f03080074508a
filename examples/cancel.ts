/**
 * Cancels a download by unsubscribing, then uses the same connection again. Shows what goes over the wire meanwhile.
 *
 * Run: npx tsx examples/cancel.ts
 *  or: npx tsx examples/cancel.ts ftp://user:password@host/dir/ large-file
 */
import { lastValueFrom, Subject, takeUntil, tap } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('images/disk.img');
await using ftp = new FtpClient(server.options);
ftp.command$.subscribe((command) => console.log('>', command));
ftp.reply$.subscribe((reply) => console.log('<', reply.code, reply.lines[0]));

const ENOUGH = 1024 * 1024;
/** The Cancel button of a program would do the same. */
const cancel$ = new Subject<void>();
let bytes = 0;
const download$ = ftp.retr$(server.path).pipe(
  takeUntil(cancel$),
  tap((chunk) => {
    bytes += chunk.length;
    if (bytes >= ENOUGH) cancel$.next();
  }),
);
await lastValueFrom(download$, { defaultValue: undefined });
console.log(`cancelled after ${bytes} bytes`);

const total = await lastValueFrom(ftp.size$(server.path));
console.log(`the connection works: the file has ${total} bytes`);
