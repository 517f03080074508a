/**
 * Moves local files: continues a broken download, and uploads so that no client sees half a file.
 *
 * Run: npx tsx examples/local-files.ts
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { download$, upload$ } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const modified = new Date('2024-05-06T07:08:09Z');
const folder = await mkdtemp(join(tmpdir(), 'local-files-'));
const file = join(folder, 'big.iso');
await using server = await testServer({
  files: { '/big.iso': { bytes: Buffer.alloc(5_000_000, 'rxftp '), modified } },
});
await using ftp = new FtpClient(server.options);

// The data connection breaks. The received part is kept, under another name.
server.fail('RETR', { cut: 'data', afterBytes: 2_000_000 });
const options = { exists: 'resume', keepTime: true } as const;
await lastValueFrom(download$(ftp, '/big.iso', file, options)).catch((error: Error) => console.log(error.name));
console.log(`kept: ${(await readdir(folder)).join().replace(/[0-9a-f]{24}/, '*')}`);

// The next run, also of another process, goes on there.
const { bytes, resumedFrom = 0 } = await lastValueFrom(download$(ftp, '/big.iso', file, options));
console.log(
  `${bytes} bytes, ${resumedFrom > 0 ? 'resumed' : 'from the beginning'}, of ${(await stat(file)).mtime.toISOString()}`,
);

// The file gets its name when it is whole, and keeps its time.
const { path } = await lastValueFrom(
  upload$(ftp, file, '/copy.iso', { atomic: true, keepTime: true, exists: 'rename' }),
);
console.log(`${path}: ${server.commands.filter((line) => /^(STOR|RNTO)/.test(line)).length} steps`);
await rm(folder, { recursive: true });
