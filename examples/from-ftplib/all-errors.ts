/**
 * Catches all errors at once, and tells them apart. Python: except ftplib.all_errors as e; except ftplib.error_perm
 *
 * Run: npx tsx examples/from-ftplib/all-errors.ts
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient, isFtpError } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/a.txt': 'some text' } });
await using ftp = new FtpClient(server.options);
server.fail('MKD', { refuse: 450, text: 'Busy.' });
server.fail('RETR', { cut: 'data', afterBytes: 4 });

for (const work$ of [ftp.size$('/none'), ftp.mkd$('/new'), ftp.retr$('/a.txt'), ftp.dele$('/a\r\nb')]) {
  try {
    await lastValueFrom<unknown>(work$);
  } catch (error) {
    // Errors of your own code are no FtpErrors, and are passed on unchanged.
    if (!isFtpError(error)) throw error;
    console.log(`${error.code} ${error.reply?.code ?? ''}, worth another try: ${error.transient}`);
  }
}
