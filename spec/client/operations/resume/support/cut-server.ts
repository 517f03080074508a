/** A server whose transfers break off, and a client that goes on at once. */
import { FtpClient, type FtpEvent, type FtpOptions, type RetryOptions } from '../../../../../lib/index.js';
import { type TestServer, type TestServerOptions, testServer } from '../../../../../lib/testing/index.js';
import { Random } from '../../../../support/random.js';

/** No wait of more than a millisecond. */
export const AT_ONCE: RetryOptions = { delayMs: 0, maxDelayMs: 1 };

/** Bytes that are nowhere alike. */
export function content(bytes: number, seed = 1): Uint8Array {
  return new Random(seed).bytes(bytes);
}

export function serverOf(
  files: TestServerOptions['files'],
  options: Omit<TestServerOptions, 'files'> = {},
): Promise<TestServer> {
  return testServer({ ...options, files });
}

export function clientOf(server: TestServer, more: Partial<FtpOptions> = {}): FtpClient {
  return new FtpClient({ ...server.options, retry: AT_ONCE, ...more });
}

/** The offsets that the client tells of. */
export function resumptions(ftp: FtpClient): { readonly path: string; readonly offset: number }[] {
  const told: { readonly path: string; readonly offset: number }[] = [];
  ftp.events$.subscribe((event: FtpEvent) => {
    if (event.type === 'resuming') told.push({ path: event.path, offset: event.offset });
  });
  return told;
}

/** The commands that ask for data, or for the place to begin. */
export function transfers(server: TestServer): string[] {
  return server.commands.filter((line) => /^(REST|RETR|STOR)\b/.test(line));
}
