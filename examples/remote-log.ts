/**
 * Finds the first errors of a remote log without fetching the rest: `take` ends the transfer when it has enough.
 *
 * Run: npx tsx examples/remote-log.ts
 *  or: npx tsx examples/remote-log.ts ftp://user:password@host/dir/ app.log
 */
import { filter, lastValueFrom, take, tap } from 'rxjs';
import { decodeText, FtpClient, lines } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs/app.log');
await using ftp = new FtpClient(server.options);

const errors$ = ftp.retr$(server.path).pipe(
  decodeText(),
  lines(),
  filter((line) => line.includes('ERROR')),
  take(3),
  tap((line) => console.log(line)),
);
await lastValueFrom(errors$, { defaultValue: undefined });

// The same in the ASCII type, if the server keeps its text in an encoding or with line ends of its own.
await lastValueFrom(
  ftp.retrLines$(server.path).pipe(
    take(1),
    tap((line) => console.log('the first line:', line)),
  ),
);
