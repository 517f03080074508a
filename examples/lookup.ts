/**
 * Looks one file up: whether it exists, and the facts that the server tells. Then sets its time and its mode, and asks for the space.
 *
 * Run: npx tsx examples/lookup.ts
 *  or: npx tsx examples/lookup.ts ftp://user:password@host/dir/ file.txt
 */
import { concatMap, lastValueFrom } from 'rxjs';
import { type FileEntry, FtpClient, FtpUnsupportedError } from '../lib/index.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs/app.log');
await using ftp = new FtpClient(server.options);

/** An entry, or none if there is no such file. A file that the server does not let us see is an error. */
function lookUp(path: string): Promise<FileEntry | undefined> {
  return lastValueFrom(ftp.lookup$(path), { defaultValue: undefined });
}

const entry = await lookUp(server.path);
console.log(
  `${server.path}: ${entry?.kind ?? 'not there'}, ${entry?.size} bytes, of ${entry?.modified?.toISOString()}`,
);
console.log(`its facts: ${[...(entry?.facts?.keys() ?? [])].join(', ') || 'none'}`);

console.log(`${server.path}.bak: ${(await lookUp(`${server.path}.bak`)) === undefined ? 'not there' : 'there'}`);

const set$ = ftp.mfmt$(server.path, new Date('2025-01-02T03:04:05Z')).pipe(
  concatMap(() => ftp.chmod$(server.path, 0o640)),
  concatMap(() => ftp.mdtm$(server.path)),
);
console.log(`its time is now ${(await lastValueFrom(set$)).toISOString()}`);

try {
  console.log(`${await lastValueFrom(ftp.avbl$())} bytes are left`);
} catch (error) {
  if (!(error instanceof FtpUnsupportedError)) throw error;
  console.log('the server does not tell how much space is left');
}
