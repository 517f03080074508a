/**
 * A directory, as the server writes it for people, and as values. Python: ftp.dir(path); ftp.mlsd(path)
 *
 * Run: npx tsx examples/from-ftplib/directory-listing.ts
 */
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ files: { '/pub/readme.txt': 'Hello.\n', '/pub/old/a.log': '' } });
await using ftp = new FtpClient(server.options);

// Lines for people. Each comes as soon as it is in.
await ftp.list$('/pub').forEach(console.log);

// Values, also on a server that has no MLSD: then they are read from the lines of LIST.
for await (const { kind, name, size } of ftp.entries$('/pub')) console.log(`${kind}: ${name}, size: ${size}`);
