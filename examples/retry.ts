/**
 * Lets the client repeat what has failed for now, and shows it: a busy file, a lost upload, and a delete that is not repeated.
 *
 * Run: npx tsx examples/retry.ts
 */
import { filter, lastValueFrom } from 'rxjs';
import { FtpClient, isFtpError } from '../lib/index.js';
import { testServer } from '../lib/testing/index.js';

await using server = await testServer({ files: { '/in/orders.csv': '1;apples\n' } });
await using ftp = new FtpClient({
  ...server.options,
  retry: {
    attempts: 4,
    delayMs: 20,
    // It narrows what is repeated: here not after a certain code.
    when: (error) => error.reply?.code !== 431,
  },
});
ftp.events$
  .pipe(filter((event) => event.type === 'retrying'))
  .subscribe(({ operation, attempt, error }) => console.log(`${operation}, try ${attempt}: ${error.message}`));

server.fail('SIZE', { refuse: 450, text: 'File busy.' });
console.log(`size: ${await lastValueFrom(ftp.size$('/in/orders.csv'))}`);

// Bytes can be read again, so the upload begins anew. `bytes` count from there.
server.fail('STOR', { cut: 'control', afterBytes: 1000 });
const { attempt, bytes } = await lastValueFrom(ftp.stor$('/in/big.bin', Buffer.alloc(500_000)));
console.log(`stored: ${bytes} bytes, at try ${attempt}`);

// The file may be deleted already, and perhaps another one has its name by now.
server.fail('DELE', { cut: 'control' });
try {
  await lastValueFrom(ftp.dele$('/in/orders.csv'));
} catch (error) {
  if (isFtpError(error)) console.log(`not repeated: ${error.command}, outcome: ${error.outcome}`);
}
