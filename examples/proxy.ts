/**
 * Works through an HTTP proxy: control and data connections both take it. The proxy is one of this process, or with a server in the
 * arguments that of the environment (ALL_PROXY, NO_PROXY).
 *
 * Run: npx tsx examples/proxy.ts
 *  or: ALL_PROXY=socks5h://proxy.example.com npx tsx examples/proxy.ts ftp://user:password@host/ directory
 */
import { lastValueFrom, toArray } from 'rxjs';
import { FtpClient, FtpConnectionError } from '../lib/index.js';
import { httpConnect, proxyFromEnvironment } from '../lib/proxy/index.js';
import { exampleProxy } from './support/example-proxy.js';
import { exampleServer } from './support/example-server.js';

await using server = await exampleServer('logs');
await using proxy = await exampleProxy();
const isGiven = process.argv.length > 2;
const connector = isGiven ? proxyFromEnvironment() : httpConnect(proxy.url);

await using ftp = new FtpClient({ ...server.options, connector });
const entries = await lastValueFrom(ftp.entries$(server.path).pipe(toArray()));
console.log(`${entries.length} entries, over ${proxy.asked.length} connections of the proxy`);

if (!isGiven) {
  // The proxy says why it makes no connection, and the error says it too, without the password.
  await using other = new FtpClient({
    ...server.options,
    connector: httpConnect(proxy.url.replace('secret', 'guess')),
  });
  const error = await lastValueFrom(other.noop$()).catch((caught: unknown) => caught);
  if (error instanceof FtpConnectionError) console.log(error.message);
}
