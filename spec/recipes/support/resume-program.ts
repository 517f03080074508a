/**
 * A process that downloads one file and may be killed: `resume-program URL REMOTE LOCAL SEGMENTS`. Tells its bytes,
 * and those that an earlier run has stored, a line each time.
 */
import { FtpClient } from '../../../lib/client/ftp-client.js';
import { parseFtpUrl } from '../../../lib/client/ftp-url.js';
import { download$ } from '../../../lib/recipes/download.js';

const [url = '', remote = '', local = '', segments = '1'] = process.argv.slice(2);
const ftp = new FtpClient({ ...parseFtpUrl(url), maxSessions: Number(segments) + 1 });
download$(ftp, remote, local, { exists: 'resume', progressIntervalMs: 0, segments: Number(segments) }).subscribe({
  next: ({ bytes, resumedFrom = 0 }) => process.stdout.write(`${bytes} ${resumedFrom}\n`),
  error: (error: unknown) => {
    process.exitCode = 1;
    console.error(error);
  },
  complete: () => ftp.close$().subscribe(),
});
