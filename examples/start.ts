/**
 * `npm start`: the toolkit at work, on a server inside this process or on one of yours.
 * `npm start -- --help` lists its options. Exits with 0, or with 1 and a message.
 */
import { isFtpError, parseFtpUrl } from '../lib/index.js';
import { HELP, readArguments } from './start/arguments.js';
import { withCredentials } from './start/credentials.js';
import { demonstrate } from './start/demonstration.js';
import { Screen } from './start/screen.js';
import { visit } from './start/visit.js';

async function main(signal: AbortSignal): Promise<void> {
  const { help, wire, url } = readArguments(process.argv.slice(2));
  const screen = new Screen(process.stdout);
  if (help) process.stdout.write(HELP);
  else if (url === undefined) await demonstrate(screen, wire, signal);
  else await visit({ ...(await withCredentials(parseFtpUrl(url))), signal }, screen, wire);
}

function explain(error: unknown): string {
  if (isFtpError(error)) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

const interrupted = new AbortController();
const onInterrupt = (): void => interrupted.abort();
process.once('SIGINT', onInterrupt);
// The reader of stdout is gone (`npm start | head`): nothing is left to show.
process.stdout.on('error', onInterrupt);
try {
  await main(interrupted.signal);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(interrupted.signal.aborted ? '\nInterrupted.\n' : `\nThis did not work: ${explain(error)}\n`);
} finally {
  process.off('SIGINT', onInterrupt);
}
