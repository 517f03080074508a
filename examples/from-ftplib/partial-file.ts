/**
 * Deletes the part of a file that a failed download has left. Python: except all_errors: os.remove(filename)
 *
 * Run: npx tsx examples/from-ftplib/partial-file.ts
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FtpClient, FtpTransferError } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/a.iso': new Uint8Array(900_000) } });
await using ftp = new FtpClient(server.options);
const folder = await mkdtemp(join(tmpdir(), 'from-ftplib-'));
server.fail('RETR', { cut: 'data', afterBytes: 500_000 });

const file = createWriteStream(join(folder, 'a.iso'));
await pipeline(ftp.retr$('/a.iso'), file).catch(async (error: unknown) => {
  console.log(error instanceof FtpTransferError ? `failed after ${error.bytes} bytes` : error, await readdir(folder));
  // download$ of rxftp/recipes needs no such line: it gives a file its name when it is whole.
  await rm(file.path);
});
console.log(await readdir(folder));
await rm(folder, { recursive: true });
