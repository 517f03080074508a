/**
 * Compares a file with the server's checksum of it, in three ways, and reads its last line.
 *
 * Run: npx tsx examples/checksums.ts
 *  or: npx tsx examples/checksums.ts ftp://user:password@host/dir/ file
 */
import { lastValueFrom } from 'rxjs';
import { collectBytes, FtpClient, FtpUnsupportedError, parseFtpUrl, tapDigest, toWeb } from '../lib/index.js';
import { testServer } from '../lib/testing/index.js';

const lines = Array.from({ length: 50_000 }, (_, number) => `line ${number}\n`).join('');
await using server = await testServer({ files: { '/app.log': lines } });
const [url, path = 'app.log'] = process.argv.slice(2);
await using ftp = new FtpClient(url === undefined ? server.options : parseFtpUrl(url));

try {
  // Asked by itself.
  const { algorithm, value } = await lastValueFrom(ftp.hash$(path));
  console.log(`the server: ${algorithm} ${value.slice(0, 16)}...`);

  // Computed beside the data, which goes elsewhere.
  const bytes$ = ftp.retr$(path).pipe(
    tapDigest(algorithm, (found) => {
      console.log(`what came: ${found === value ? 'the same' : 'another'}`);
    }),
  );
  const text = await new Response(toWeb<Uint8Array>()(bytes$)).text();
  console.log(`${text.length} characters by way of a web stream`);

  // Left to the transfer, which fails if the checksums differ.
  const stored = await lastValueFrom(ftp.stor$(`${path}.copy`, text, { verify: 'hash' }));
  console.log(`the copy is verified by ${stored.verifiedBy}`);
} catch (error) {
  if (!(error instanceof FtpUnsupportedError)) throw error;
  console.log(error.message);
}

const tail = await lastValueFrom(ftp.retr$(path, { start: -100 }).pipe(collectBytes()));
console.log(`the last line: ${Buffer.from(tail).toString().trimEnd().split('\n').at(-1)}`);
