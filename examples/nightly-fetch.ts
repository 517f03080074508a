/**
 * Fetches new files from a server, as a nightly job does: if one file fails, the others are still fetched, and the exit status tells.
 *
 * Run: npx tsx examples/nightly-fetch.ts
 *  or: npx tsx examples/nightly-fetch.ts ftp://user:password@host/ /out inbox
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FtpClient } from '../lib/index.js';
import { FtpTreeError, local, mirror$, remote } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const [url, path = '/out', inbox = await mkdtemp(join(tmpdir(), 'nightly-fetch-'))] = process.argv.slice(2);
await using server = await testServer({ files: { '/out/monday/a.csv': '1;2', '/out/monday/b.tmp': '' } });
await using ftp = new FtpClient(url ?? server.options);

async function fetchNew(): Promise<void> {
  const options = { include: ['*.csv', '*.xml'], onError: 'continue' } as const;
  try {
    await mirror$(remote(ftp, path), local(inbox), options).forEach((event) => {
      if (event.type === 'step') console.log(`${event.result}: ${event.step.do} ${event.step.path}`);
    });
  } catch (error) {
    if (!(error instanceof FtpTreeError)) throw error;
    for (const { path, message } of error.errors) console.error(`${path}: ${message}`);
    process.exitCode = 1;
  }
}

await fetchNew();
server.files.set('/out/tuesday/c.csv', '3;4');
console.log('a day later:');
await fetchNew();
if (url === undefined) await rm(inbox, { recursive: true });
