/**
 * A function of a program, tested without a server of yours: on a server in the process, and on a fake.
 *
 * Run: npx tsx examples/unit-test.ts
 */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { decodeText, FtpClient, type FtpOperations, FtpTransferError, lines } from '../lib/index.js';
import { byteStream, testServer } from '../lib/testing/index.js';

/** The code under test: the rows of a file. */
const rows$ = (ftp: Pick<FtpOperations, 'retr$'>): Observable<string[]> =>
  ftp.retr$('/in/orders.csv').pipe(decodeText(), lines(), toArray());

// A fake, for tests in which only the bytes matter: cut anywhere, also within a line.
const fake = { retr$: () => byteStream(['1;apples\n2;pe', 'ars\n']) };
deepEqual(await lastValueFrom(rows$(fake)), ['1;apples', '2;pears']);
console.log('rows: ok');

// A server, for all that may happen on the way.
await using server = await testServer({ files: { '/in/orders.csv': '1;apples\n2;pears\n' } });
await using ftp = new FtpClient(server.options);
server.fail('RETR', { cut: 'data', afterBytes: 10 });
await rejects(lastValueFrom(rows$(ftp)), FtpTransferError);
console.log('half a file: ok');

deepEqual(await lastValueFrom(rows$(ftp)), ['1;apples', '2;pears']);
equal(server.commands.filter((command) => command === 'RETR /in/orders.csv').length, 2);
console.log('the next try: ok');
