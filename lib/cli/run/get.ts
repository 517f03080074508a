/** `rxftp get` downloads a remote file to a local one, which has its final name only when it is whole. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { concatMap, defer, type Observable } from 'rxjs';
import { type DownloadOptions, download$ } from '../../recipes/index.js';
import { withProgressBar } from '../screen/progress-bar.js';
import { wrongUsage } from '../session/command-error.js';
import type { Context } from '../session/context.js';
import { segmentsOf } from '../session/segments.js';
import { filePath, lastName } from '../session/target.js';
import { isUrl } from './any-place.js';
import { firstPlace } from './first-place.js';
import { limitedDownloads, rateOf } from './rate.js';
import { tellLast } from './tell-last.js';
import { transferOptions } from './transfer-options.js';

export function run(context: Context): Observable<unknown> {
  const { args, options, output } = context;
  if (args[1] === '-') throw wrongUsage('rxftp cat writes a file to stdout. A local file of that name is ./-');
  if (args[1] !== undefined && isUrl(args[1]))
    throw wrongUsage('rxftp get downloads to a local file. rxftp mirror copies from server to server.');
  const rate = rateOf(options.limitRate);
  const segments = segmentsOf(options.segments);
  if (rate !== undefined && segments !== undefined)
    throw wrongUsage('The options --segments and --limit-rate exclude each other.');
  const chosen: DownloadOptions = { ...transferOptions(options), ...(segments === undefined ? {} : { segments }) };
  return firstPlace(context, ({ ftp, path }) => {
    const remote = filePath(path);
    return defer(() => localName(args[1], remote)).pipe(
      concatMap((local) => download$(limitedDownloads(ftp, rate), remote, local, chosen)),
      withProgressBar(output, lastName(remote)),
      tellLast(output, ({ file }) => ({ path: remote, file })),
    );
  });
}

/** The local file: as given, in the given directory, or with the remote one's name. */
async function localName(given: string | undefined, remote: string): Promise<string> {
  if (given !== undefined && !(given.endsWith('/') || (await isDirectory(given)))) return given;
  const name = lastName(remote);
  if (name === '.' || name === '..' || /[\\/]/.test(name)) {
    throw wrongUsage('The remote name cannot be a local one: give a name for the file.');
  }
  return join(given ?? '.', name);
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
