/** A process that publishes and may be killed: `node --import tsx publish-program.ts URL LOCAL TARGET`. */
import { FtpClient } from '../../../../lib/client/ftp-client.js';
import { publish$ } from '../../../../lib/recipes/publish/publish.js';
import { local, remote } from '../../../../lib/recipes/tree/place.js';

const [url = '', directory = '', target = ''] = process.argv.slice(2);
const ftp = new FtpClient(url);
publish$(local(directory), remote(ftp, target)).subscribe({
  error: (error: unknown) => {
    process.exitCode = 1;
    console.error(error);
  },
  complete: () => ftp.close$().subscribe(),
});
