/**
 * The current directory, and another one. Python: ftp.pwd(); ftp.cwd(path); ftp.cwd('..')
 *
 * Run: npx tsx examples/from-ftplib/current-directory.ts
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/pub/old/a.log': '' } });
await using ftp = new FtpClient(server.options);

console.log(await lastValueFrom(ftp.pwd$()));
// The client connects, and sends the command, when lastValueFrom subscribes.
const { code, text } = await lastValueFrom(ftp.cwd$('/pub/old'));
console.log(`${code} ${text}`);
console.log(await lastValueFrom(ftp.pwd$()));
await lastValueFrom(ftp.cwd$('..'));
console.log(await lastValueFrom(ftp.pwd$()));
