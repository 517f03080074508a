/**
 * Downloads and uploads a file over a connection that breaks off three times. `resume` continues at the break.
 *
 * Run: npx tsx examples/resume.ts
 */
import { lastValueFrom } from 'rxjs';
import { digest, FtpClient } from '../lib/index.js';
import { testServer } from '../lib/testing/index.js';

const file = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 251);

await using server = await testServer({ files: { '/disk.img': file } });
await using ftp = new FtpClient({ ...server.options, retry: { delayMs: 20 } });

ftp.events$.subscribe((event) => {
  if (event.type === 'resuming') console.log(`${event.path} goes on at ${event.offset}`);
});

// The data connection ends, then the whole session.
server.fail('RETR', { cut: 'data', afterBytes: 400_000 });
server.fail('RETR', { cut: 'control', afterBytes: 200_000 });
const here = await lastValueFrom(ftp.retr$('/disk.img', { resume: true }).pipe(digest('SHA-256')));
console.log(`downloaded: sha256 ${here}`);

// A source that can be read again: bytes, text, a Blob, or a function that opens it at an offset.
server.fail('STOR', { cut: 'control', afterBytes: 300_000 });
const stored = ftp.stor$('/copy.img', (offset) => file.subarray(offset), { resume: true, verify: 'hash' });
const { bytes, attempt, verifiedBy } = await lastValueFrom(stored);
console.log(`uploaded: ${bytes} bytes in ${attempt} tries, verified by ${verifiedBy}`);
