/**
 * A server that wants more than a user and a password: a host before them, and commands after each login.
 *
 * Run: npx tsx examples/login-commands.ts
 *  or: npx tsx examples/login-commands.ts ftp://user:password@host/ directory
 */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs');
await using ftp = new FtpClient({
  ...server.options,
  // HOST: the login goes on without it if the server does not know the command.
  virtualHost: server.options.host,
  // CLNT and LANG: sent where FEAT names them.
  clientName: 'example 1.0',
  language: 'en',
  // After the login of every session. The server may refuse the ones with "-" before them; any other refusal fails the login.
  loginCommands: ['-SITE UMASK 022', '-SITE CHMOD 644 logs/app.log', 'NOOP'],
});

ftp.command$.subscribe((line) => console.log(`> ${line}`));
ftp.events$.subscribe((event) => {
  if (event.type === 'fallback') console.log(`not on this server: ${event.what}`);
});

const entries = await lastValueFrom(ftp.entries$(server.path).pipe(toArray()));
console.log(`${entries.length} entries`);
