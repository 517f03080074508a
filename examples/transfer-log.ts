/**
 * A line for each transfer of a client, from its events.
 *
 * Run: npx tsx examples/transfer-log.ts
 *  or: npx tsx examples/transfer-log.ts ftp://user:password@host/dir/ file.txt
 */
import { lastValueFrom, take } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';
import { transferLines$ } from './telemetry/transfer-lines.js';

await using server = await exampleServer('images/disk.img');
const ftp = new FtpClient({ ...server.options, maxSessions: 2 });
transferLines$(ftp).subscribe((line) => console.log(line));

await lastValueFrom(ftp.retr$(server.path, { verify: 'size' }));
// Leaves after its first chunk: the transfer is aborted on the server.
await lastValueFrom(ftp.retr$(server.path).pipe(take(1)));
await lastValueFrom(ftp.list$());
// A running transfer has its line too.
await lastValueFrom(ftp.close$({ drain: true }));
