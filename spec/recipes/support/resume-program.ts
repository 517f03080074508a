/** A process that downloads one file and may be killed: `node --import tsx resume-program.ts URL REMOTE LOCAL`. Tells its bytes, one number a line. */
import { FtpClient } from '../../../lib/client/ftp-client.js';
import { download$ } from '../../../lib/recipes/download.js';

const [url = '', remote = '', local = ''] = process.argv.slice(2);
const ftp = new FtpClient(url);
download$(ftp, remote, local, { exists: 'resume', progressIntervalMs: 0 }).subscribe({
  next: ({ bytes }) => process.stdout.write(`${bytes}\n`),
  error: (error: unknown) => {
    process.exitCode = 1;
    console.error(error);
  },
  complete: () => ftp.close$().subscribe(),
});
