/**
 * Renames a file, moves it and deletes one. Python: ftp.rename(fromname, toname); ftp.delete(filename)
 *
 * Run: npx tsx examples/from-ftplib/delete-and-rename.ts
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/in/a.csv': '1', '/in/b.csv': '2', '/done/': '' } });
await using ftp = new FtpClient(server.options);

await lastValueFrom(ftp.rename$('/in/a.csv', '/done/first.csv'));
await lastValueFrom(ftp.dele$('/in/b.csv'));
console.log([...server.files.keys()].filter((path) => path.endsWith('.csv')).join());

// A refusal is an error, with the server's reply in it.
await lastValueFrom(ftp.dele$('/in/b.csv')).catch((error: Error) => console.log(error.message));
