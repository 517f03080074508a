/**
 * A text file, line by line. Python: ftp.retrlines('RETR ' + name, callback)
 *
 * Run: npx tsx examples/from-ftplib/download-text.ts
 */
import { map } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/poem.txt': 'The rain\nin Grüningen\nhas stopped.\n' } });
await using ftp = new FtpClient(server.options);

// The callback subscribes. The default callback of Python prints, too.
await ftp.retrLines$('/poem.txt').forEach(console.log);

// Operators and loops work as well. A loop that is left early aborts the transfer, and the client goes on to work.
for await (const line of ftp.retrLines$('/poem.txt').pipe(map((text) => text.toUpperCase()))) {
  console.log(line);
  break;
}
