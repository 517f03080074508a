/**
 * Uploads text, line by line. Python: ftp.storlines('STOR ' + name, fp)
 *
 * Run: npx tsx examples/from-ftplib/upload-text.ts
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/in/': '' } });
await using ftp = new FtpClient(server.options);

// Lines without their ends, by an array, a generator or an Observable.
async function* report(): AsyncGenerator<string> {
  yield 'name;count';
  for (const [name, count] of [
    ['apples', 3],
    ['pears', 5],
  ] as const)
    yield `${name};${count}`;
}

const { bytes } = await lastValueFrom(ftp.storLines$('/in/report.csv', report()));
console.log(`sent: ${bytes} bytes, each line ended by CRLF`);
console.log(`stored: ${JSON.stringify(server.files.get('/in/report.csv')?.text)}`);
