/**
 * Uploads bytes, and appends some. Python: ftp.storbinary('STOR ' + name, fp, callback=f); ftp.storbinary('APPE ' + name, fp)
 *
 * Run: npx tsx examples/from-ftplib/upload-bytes.ts
 */
import { createReadStream } from 'node:fs';
import { lastValueFrom, tap } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/in/': '' } });
await using ftp = new FtpClient(server.options);

// An upload emits its progress, which stands for the callback. `verify` compares the size that the server has stored.
const fp = createReadStream(new URL(import.meta.url));
const upload$ = ftp.stor$('/in/copy.ts', fp, { verify: 'size' });
const { bytes, verified } = await lastValueFrom(upload$.pipe(tap(({ done }) => console.log('done:', done))));
console.log(`the same size: ${bytes === server.files.get('/in/copy.ts')?.size}, verified: ${verified}`);

// Text, bytes, a Blob, streams of Node and of the web, iterables and Observables are sources, too.
await lastValueFrom(ftp.appe$('/in/log', 'started\n'));
await lastValueFrom(ftp.appe$('/in/log', Buffer.from('ended\n')));
console.log(JSON.stringify(server.files.get('/in/log')?.text));
