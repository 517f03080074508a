/**
 * Downloads a gzip file and unpacks it on the way to disk. A failure, or an early close, aborts the transfer.
 *
 * Run: npx tsx examples/download.ts
 *  or: npx tsx examples/download.ts ftp://user:password@host/dir/ file.gz
 */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs/archive.log.gz');
await using ftp = new FtpClient(server.options);

const file = server.local(server.path.replace(/\.gz$/, ''));
await pipeline(ftp.retr$(server.path), createGunzip(), createWriteStream(file));
console.log(`${server.path} is unpacked: ${(await stat(file)).size} bytes`);
