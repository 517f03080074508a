/**
 * Downloads a large file in segments over several sessions at once, breaks off, and continues with the missing parts.
 *
 * Run: npx tsx examples/segments.ts
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { download$ } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const content = Buffer.alloc(30_000_000, 'rxftp ');
const folder = await mkdtemp(join(tmpdir(), 'segments-'));
const file = join(folder, 'big.iso');
await using server = await testServer({ files: { '/big.iso': content } });

// One session more than segments: the client keeps one free for commands.
const segments = 4;
await using ftp = new FtpClient({ ...server.options, maxSessions: segments + 1 });

// The first transfer is that of the file's end. The second one breaks off, which ends them all.
server.fail('RETR', { delayMs: 1 });
server.fail('RETR', { cut: 'data', afterBytes: 3_000_000 });
const big$ = download$(ftp, '/big.iso', file, { segments, exists: 'resume' });
await lastValueFrom(big$).catch((error: Error) => console.log(error.name));
const names = async (): Promise<string> => (await readdir(folder)).join(' ').replaceAll(/[0-9a-f]{24}/g, '*');
console.log(`kept: ${await names()}`);

// The map tells the ranges that are on the disk: only the others are downloaded now.
const { bytes, resumedFrom = 0 } = await lastValueFrom(big$);
console.log(`${bytes} bytes, ${resumedFrom > 0 ? 'resumed' : 'from the beginning'}`);
console.log(`${await names()}: ${content.equals(await readFile(file)) ? 'the same' : 'another file'}`);
await rm(folder, { recursive: true });
