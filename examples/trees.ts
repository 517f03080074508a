/**
 * Works on whole trees: the size of each directory of a server, the files that match a pattern, and the removal of old files.
 *
 * Run: npx tsx examples/trees.ts
 */
import { lastValueFrom, map, toArray } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { printable } from '../lib/protocol/index.js';
import { ensureDirectory$, glob$, remote, removeTree$, walk$ } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const day = (year: number) => ({ [`/logs/${year}/app.log`]: 'x'.repeat(year), [`/logs/${year}/old/a.gz`]: 'packed' });
await using server = await testServer({ files: { ...day(2023), ...day(2024), '/index.html': '<p>Hello' } });
await using ftp = new FtpClient({ ...server.options, maxSessions: 3 });

// The size of each directory, with everything below it.
const sizes = new Map<string, number>();
for await (const { path, kind, size = 0 } of walk$(remote(ftp, '/'))) {
  if (kind !== 'file') continue;
  const parts = path.split('/');
  for (let length = 0; length < parts.length; length += 1) {
    const above = parts.slice(0, length).join('/');
    sizes.set(above, (sizes.get(above) ?? 0) + size);
  }
}
for (const [path, bytes] of [...sizes].toSorted()) console.log(String(bytes).padStart(8), `/${printable(path)}`);

// Find by a pattern: other directories are not listed.
const paths$ = glob$(remote(ftp, '/'), 'logs/*/*.log').pipe(map(({ path }) => path));
console.log((await lastValueFrom(paths$.pipe(toArray()))).toSorted().join(' '));

const { files, directories } = await lastValueFrom(removeTree$(ftp, '/logs/2023'));
console.log(`removed: ${files} files, ${directories} directories`);
console.log(`made: ${await lastValueFrom(ensureDirectory$(ftp, '/backup/2025'))}`);
