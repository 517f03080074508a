/**
 * Downloads every file of a directory, three at a time: the client opens up to three sessions and shares them out.
 *
 * Run: npx tsx examples/parallel-downloads.ts
 *  or: npx tsx examples/parallel-downloads.ts ftp://user:password@host/ directory
 */
import { createWriteStream } from 'node:fs';
import { endWith, filter, lastValueFrom, mergeMap, tap } from 'rxjs';
import { FtpClient, toWritable } from '../lib/index.js';
import { printable } from '../lib/protocol/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs');
await using ftp = new FtpClient({ ...server.options, maxSessions: 3 });
let logins = 0;
ftp.command$.pipe(filter((command) => command.startsWith('USER'))).subscribe(() => {
  logins += 1;
});
ftp.events$.subscribe((event) => {
  if (event.type !== 'transfer-ended') return;
  console.log(`session ${event.session}: ${event.bytes} bytes in ${event.ms.toFixed(1)} ms, ${event.end}`);
});

const downloads$ = ftp.entries$(server.path).pipe(
  filter(({ kind }) => kind === 'file'),
  mergeMap(({ name }) => {
    // `local` keeps the last part of a path only: a server must not choose where its files go.
    const file = createWriteStream(server.local(name));
    return ftp.retr$(`${server.path}/${name}`).pipe(toWritable(file), endWith(name));
  }, 3),
  tap((name) => console.log(`${printable(name)} is here`)),
);
await lastValueFrom(downloads$, { defaultValue: undefined });
console.log(`done over ${logins} sessions`);
