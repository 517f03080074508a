/**
 * Copies a file from one server to another through one stream: nothing is stored here, and the slower server sets the
 * pace.
 *
 * Run: npx tsx examples/copy-between-servers.ts
 *  or: npx tsx examples/copy-between-servers.ts ftp://user:password@from/dir/ file ftp://user:password@to/dir/
 */
import { forkJoin, lastValueFrom } from 'rxjs';
import { digest, FtpClient } from '../lib/index.js';
import { EmbeddedServer } from './support/embedded-server.js';
import { exampleServer } from './support/example-server.js';

await using source = await exampleServer('logs/archive.log.gz');
await using target = await EmbeddedServer.start();
await using from = new FtpClient(source.options);
await using to = new FtpClient(process.argv[4] ?? target.url);

const name = source.path.split('/').at(-1) ?? source.path;
const last = await lastValueFrom(to.stor$(name, from.retr$(source.path), { verify: 'size' }));
console.log(`${name}: ${last.bytes} bytes copied`);

const hashes = await lastValueFrom(
  forkJoin([from.retr$(source.path).pipe(digest('sha256')), to.retr$(name).pipe(digest('sha256'))]),
);
console.log(hashes[0] === hashes[1] ? 'the copy is the same' : 'THE COPY DIFFERS');
