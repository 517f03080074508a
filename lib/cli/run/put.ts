/** `rxftp put` uploads a local file, or stdin. The remote file has its final name only when it is whole. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { concatMap, defer, map, type Observable } from 'rxjs';
import { type FileProgress, upload$ } from '../../recipes/index.js';
import { joined } from '../screen/entry-view.js';
import { withProgressBar } from '../screen/progress-bar.js';
import { wrongUsage } from '../session/command-error.js';
import type { Context, Place } from '../session/context.js';
import { filePath, lastName } from '../session/target.js';
import { isUrl } from './any-place.js';
import { putStdin$ } from './put-stdin.js';
import { limitedUploads, rateOf } from './rate.js';
import { tellLast } from './tell-last.js';
import { transferOptions } from './transfer-options.js';

export function run(context: Context): Observable<unknown> {
  const { args, options, output, place$ } = context;
  const [local = '', url = ''] = args;
  const chosen = transferOptions(options);
  if (isUrl(local)) throw wrongUsage('rxftp put uploads a local file. rxftp mirror copies from server to server.');
  const isStdin = local === '-';
  if (isStdin && (chosen.exists !== undefined || chosen.keepTime === true || chosen.verify === 'hash')) {
    throw wrongUsage(
      'Bytes from stdin have no name and no time: leave out --exists, --resume, --keep-time and --verify hash.',
    );
  }
  return place$(url).pipe(
    concatMap(({ ftp, path }) => {
      const remote = remoteName(path, local);
      const rate = rateOf(options.limitRate);
      const work = { ftp, path: remote };
      const sent$ = isStdin
        ? putStdin$(work, { inPlace: options.inPlace === true, rate })
        : putFile$(work, local, { ...chosen, atomic: options.inPlace !== true }, rate);
      return sent$.pipe(
        withProgressBar(output, lastName(remote)),
        tellLast(output, () => ({ file: local, path: remote })),
      );
    }),
  );
}

/** With a limit the bytes come from a stream, which does not know its size. */
function putFile$(
  { ftp, path }: Place,
  local: string,
  options: Parameters<typeof upload$>[3],
  rate: number | undefined,
): Observable<FileProgress> {
  if (rate === undefined) return upload$(ftp, local, path, options);
  const size$ = defer(() => stat(local)).pipe(map((found) => (found.isFile() ? found.size : undefined)));
  return size$.pipe(
    concatMap((total) =>
      upload$(limitedUploads(ftp, rate), local, path, options).pipe(
        map((progress) => (total === undefined ? progress : { ...progress, total })),
      ),
    ),
  );
}

/** Behind a slash, and of no path at all, the local name is used. */
function remoteName(path: string, local: string): string {
  if (path !== '' && !path.endsWith('/')) return filePath(path);
  if (local === '-') throw wrongUsage('Bytes from stdin need a name: a path has to follow the host.');
  return joined(path, basename(local));
}
