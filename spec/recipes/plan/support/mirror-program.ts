/** A process that mirrors and may be killed, by the arguments URL, DIRECTORY, and up or down. Tells each event by a line. */
import { FtpClient } from '../../../../lib/client/ftp-client.js';
import { parseFtpUrl } from '../../../../lib/client/ftp-url.js';
import { mirror$ } from '../../../../lib/recipes/plan/apply.js';
import { local, remote } from '../../../../lib/recipes/tree/place.js';

const [url = '', directory = '', way] = process.argv.slice(2);
const ftp = new FtpClient({ ...parseFtpUrl(url), maxSessions: 3, progressIntervalMs: 0 });
const [here, there] = [local(directory), remote(ftp, '/t')];
const mirrored$ = way === 'up' ? mirror$(here, there, { delete: true }) : mirror$(there, here, { delete: true });
mirrored$.subscribe({
  next: ({ type }) => process.stdout.write(`${type}\n`),
  error: (error: unknown) => {
    process.exitCode = 1;
    console.error(error);
  },
  complete: () => ftp.close$().subscribe(),
});
