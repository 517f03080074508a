/**
 * A binary file into a local one, with its progress. Python: ftp.retrbinary('RETR ' + name, callback)
 *
 * Run: npx tsx examples/from-ftplib/download-binary.ts
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FtpClient, type TransferProgress, tapProgress } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/disk.img': new Uint8Array(300_000) } });
await using ftp = new FtpClient(server.options);
const folder = await mkdtemp(join(tmpdir(), 'from-ftplib-'));

const show = ({ bytes, total }: TransferProgress): void => console.log(`${bytes} of ${total} bytes`);
const file = createWriteStream(join(folder, 'disk.img'));
// This resolves when all bytes are written, and the server has confirmed that it has sent them all.
await pipeline(ftp.retr$('/disk.img').pipe(tapProgress(show, { intervalMs: 0 })), file);
console.log(`${(await stat(file.path)).size} bytes are here`);
await rm(folder, { recursive: true });
