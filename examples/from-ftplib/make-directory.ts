/**
 * Makes a directory, and removes it. Python: ftp.mkd(path); ftp.rmd(path)
 *
 * Run: npx tsx examples/from-ftplib/make-directory.ts
 */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/pub/': '' } });
await using ftp = new FtpClient(server.options);

const names = (): Promise<string[]> => lastValueFrom(ftp.nlst$('/pub').pipe(toArray()));

console.log('made:', await lastValueFrom(ftp.mkd$('/pub/new year')));
console.log('names:', await names());
await lastValueFrom(ftp.rmd$('/pub/new year'));
console.log('names:', await names());
