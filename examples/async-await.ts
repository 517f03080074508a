/**
 * The same toolkit without RxJS in sight: promises, `for await`, and a Node Writable.
 *
 * Run: npx tsx examples/async-await.ts
 *  or: npx tsx examples/async-await.ts ftp://user:password@host/dir/ file
 */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { lastValueFrom } from 'rxjs';
import { FtpClient, FtpReplyError } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('readme.txt');
await using ftp = new FtpClient(server.options);

console.log('directory:', await lastValueFrom(ftp.pwd$()));

const hash = createHash('sha256');
for await (const chunk of ftp.retr$(server.path)) hash.update(chunk);
console.log('sha256:', hash.digest('hex'));

// Resolves when the server has confirmed the upload, not when the last byte was written.
await pipeline(['one line\n', 'another\n'], ftp.stor('rxftp-notes.txt'));
console.log('stored:', await lastValueFrom(ftp.size$('rxftp-notes.txt')), 'bytes');
await lastValueFrom(ftp.dele$('rxftp-notes.txt'));

try {
  await lastValueFrom(ftp.size$('no-such-file'));
} catch (error) {
  if (!(error instanceof FtpReplyError)) throw error;
  console.log(`refused: ${error.reply.code}, temporary: ${error.transient}`);
}
