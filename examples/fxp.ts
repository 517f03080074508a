/**
 * Copies a file between two servers, directly if both allow it (FXP). Otherwise its bytes go through here.
 *
 * Run: npx tsx examples/fxp.ts
 *  or: npx tsx examples/fxp.ts ftp://user:password@from/ /file ftp://user:password@to/ /copy
 */
import { catchError, lastValueFrom, type Observable, throwError } from 'rxjs';
import { FtpClient, FtpUnsupportedError, type TransferProgress } from '../lib/index.js';
import { fxp$ } from '../lib/recipes/index.js';
import { testServer } from '../lib/testing/index.js';

const [fromUrl, path = '/a.iso', toUrl, copy = '/copy.iso'] = process.argv.slice(2);
await using first = await testServer({ files: { '/a.iso': Buffer.alloc(3_000_000, 'rxftp ') } });
await using second = await testServer();
await using from = new FtpClient(fromUrl ?? first.options);
await using to = new FtpClient(toUrl ?? second.options);

/** Most servers refuse data connections with other hosts than their client. */
function copied$(): Observable<TransferProgress> {
  return fxp$(from, path, to, copy).pipe(
    catchError((error: unknown) => (error instanceof FtpUnsupportedError ? through$(error) : throwError(() => error))),
  );
}

function through$({ message }: Error): Observable<TransferProgress> {
  console.log(`not directly: ${message}`);
  return to.stor$(copy, from.retr$(path), { verify: 'size' });
}

for (const ftp of [from, to]) ftp.command$.subscribe((line) => console.log(`${ftp === from ? 'from' : 'to'}: ${line}`));
const { bytes, verifiedBy } = await lastValueFrom(copied$());
console.log(`${bytes} bytes copied, verified by ${verifiedBy}`);
