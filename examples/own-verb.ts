/**
 * A verb of your own, SITE CHMOD, and its dialogue: both derive from the control connection's stream of events.
 *
 * Run: npx tsx examples/own-verb.ts
 *  or: npx tsx examples/own-verb.ts ftp://user:password@host/dir/ file.txt
 */
import { lastValueFrom, map, merge, type Observable } from 'rxjs';
import { FtpClient, type FtpOperations, type Reply } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs/app.log');
await using ftp = new FtpClient(server.options);

/** Emits the server's reply; a refusal is an FtpReplyError. Commands wait for their turn, as those of every operation do. */
function chmod$(on: FtpOperations, path: string, mode: string): Observable<Reply> {
  return on.exchange$(`SITE CHMOD ${mode} ${path}`, { expect: 2 });
}

/** The lines of the dialogue, in the order in which they are sent and come. */
function dialogue$({ command$, reply$ }: FtpClient): Observable<string> {
  return merge(
    command$.pipe(map((line) => `> ${line}`)),
    reply$.pipe(map(({ code, text }) => `< ${code} ${text.split('\n')[0]}`)),
  );
}

await lastValueFrom(ftp.noop$());
dialogue$(ftp).subscribe((line) => console.log(line));
ftp.events$.subscribe(({ type, session }) => console.log(`session ${session}: ${type}`));
const { code } = await lastValueFrom(chmod$(ftp, server.path, '600'));
console.log(`the mode is set: ${code}`);
