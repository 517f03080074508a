/**
 * Uploads a stream, and holds what the server says it stored against what was sent. A failed upload's partial file is deleted.
 *
 * Run: npx tsx examples/upload.ts
 *  or: npx tsx examples/upload.ts ftp://user:password@host/dir/ name-on-the-server
 */
import { createReadStream } from 'node:fs';
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('incoming/upload.ts');
await using ftp = new FtpClient(server.options);

const source = createReadStream(new URL(import.meta.url));
const last = await lastValueFrom(ftp.stor$(server.path, source, { verify: 'size', deletePartial: true }));
console.log(`${last.path} is stored: ${last.bytes} bytes, verified: ${last.verified}`);
