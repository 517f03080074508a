/** `testServer` starts a real FTP server in the process, over a tree in memory, for tests of programs. */
import { requireServerOptions, type TestServerOptions } from './options.js';
import { RunningServer } from './running-server.js';
import type { TestServer } from './test-server.js';

/**
 * Starts an FTP server in this process, on 127.0.0.1, over a tree in memory. Resolves when it listens.
 *
 * It speaks RFC 959, RFC 2389 (FEAT), RFC 2428 (EPSV, EPRT), RFC 2640 (UTF-8), RFC 3659 (SIZE, MDTM, REST, MLSD), RFC 4217 (TLS),
 * MFMT, HASH and RANG. It has one structure and one mode, and the types ASCII and image. Rejects with an FtpUsageError for options
 * that do not fit, and for a port that is in use.
 *
 * @example
 * ```ts
 * await using server = await testServer({ files: { '/in/a.csv': '1;2' } });
 * await using client = new FtpClient(server.options);
 * server.fail('RETR', { cut: 'data', afterBytes: 1 });
 * await lastValueFrom(client.retr$('/in/a.csv'));
 * ```
 */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  requireServerOptions(options);
  return RunningServer.start(options);
}
