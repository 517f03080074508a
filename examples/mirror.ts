/**
 * Mirrors a local directory to a server: shows what would be done, asks, and does it.
 *
 * Run: npx tsx examples/mirror.ts
 *  or: npx tsx examples/mirror.ts site ftp://user:password@host/ /www
 */
import { createInterface } from 'node:readline/promises';
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../lib/index.js';
import { apply$, local, plan$, remote } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const [directory = 'examples/support', url, path = '/www'] = process.argv.slice(2);
await using server = await testServer({ files: { '/www/old.html': 'old' } });
await using ftp = new FtpClient(url ?? server.options);

const [from, to] = [local(directory), remote(ftp, path)];
const plan = await lastValueFrom(plan$(from, to, { delete: true }));
for (const step of plan.steps) console.log(`${step.do} ${step.path}: ${step.because}`);
console.log(`${plan.totals.bytes} bytes in ${plan.totals.copy + plan.totals.update} files`);

if (await confirmed()) {
  await apply$(plan, from, to).forEach((event) => {
    if (event.type === 'step') console.log(`${event.result}: ${event.step.do} ${event.step.path}`);
  });
}

async function confirmed(): Promise<boolean> {
  // Without a terminal there is no user to answer.
  if (!process.stdin.isTTY) return true;
  const terminal = createInterface(process.stdin, process.stdout);
  const answer = await terminal.question('Do it? (y/n) ');
  terminal.close();
  return answer === 'y';
}
