/**
 * Lists a directory, newest first. Entries have one shape, whether the server knows MLSD or only LIST. LIST does not name the zone of
 * its times: 'auto' measures it.
 *
 * Run: npx tsx examples/list.ts
 *  or: npx tsx examples/list.ts ftp://user:password@host/ directory
 */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { printable } from '../lib/protocol/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs');
await using ftp = new FtpClient({ ...server.options, timeZone: 'auto' });

const entries = await lastValueFrom(ftp.entries$(server.path).pipe(toArray()));
const time = ({ modified }: { modified?: Date | undefined }): number => modified?.getTime() ?? 0;
for (const entry of entries.toSorted((a, b) => time(b) - time(a))) {
  // A name can hold anything, also what would steer a terminal.
  console.log(entry.kind.padEnd(9), String(entry.size ?? '').padStart(12), printable(entry.name));
}
console.log(`${entries.length} entries`);
