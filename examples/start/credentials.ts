/**
 * The login: the URL names it, else `.netrc`, else a terminal is asked for the password, which it never shows.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type FtpOptions, netrcCredentials } from '../../lib/index.js';

/** `options` of a URL, completed. Rejects without a terminal to ask on. */
export async function withCredentials(options: FtpOptions): Promise<FtpOptions> {
  if (options.password !== undefined) return options;
  const known = await netrcCredentials(options.host);
  const isSameUser = options.user === undefined || options.user === known.user;
  if (known.user !== undefined && known.password !== undefined && isSameUser) return { ...options, ...known };
  if (options.user === undefined || options.user === 'anonymous') return options;
  return { ...options, password: await askPassword(`${options.user}@${options.host}`) };
}

async function askPassword(whose: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Error(`A password is needed for ${whose}: put it into ~/.netrc, or run this in a terminal to be asked.`);
  }
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: true });
  const stop = new AbortController();
  reader.on('SIGINT', () => stop.abort());
  process.stderr.write(`Password for ${whose}: `);
  try {
    return await reader.question('', { signal: stop.signal });
  } catch (cause) {
    throw new Error('No password was given.', { cause });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
