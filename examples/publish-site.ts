/**
 * Publishes a site: uploads it beside the old one, and swaps the two. Visitors see the old site or the new one, never a mixture.
 *
 * Run: npx tsx examples/publish-site.ts
 *  or: npx tsx examples/publish-site.ts ftp://user:password@host/ dist www/site
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FtpClient } from '../lib/index.js';
import { local, type PublishEvent, publish$, remote } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const [url, given, target = '/site'] = process.argv.slice(2);
await using server = await testServer({ files: { '/site/index.html': 'the old page', '/site/old.html': '' } });
await using ftp = new FtpClient(url === undefined ? server.options : url);
const folder = given ?? (await madeUpSite());

function show(event: PublishEvent): void {
  if (event.type === 'progress') return;
  const { step, result, error } = event;
  console.log(`${step.do} ${step.path}${step.to === undefined ? '' : ` to ${step.to}`}: ${result}`, error ?? '');
}

await publish$(local(folder), remote(ftp, target), { keep: 1 }).forEach(show);
console.log(`published: ${server.files.get('/site/index.html')?.text}`);
if (given === undefined) await rm(folder, { recursive: true });

async function madeUpSite(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'publish-site-'));
  await mkdir(join(made, 'css'));
  await writeFile(join(made, 'index.html'), 'the new page');
  await writeFile(join(made, 'css', 'site.css'), 'body { margin: 0 }');
  return made;
}
