/** `rxftp rm` deletes files; with `--dir` empty directories, with `--recursive` directories and their content. */
import { map, type Observable, tap } from 'rxjs';
import { removeTree$ } from '../../recipes/index.js';
import { notFound, wrongUsage } from '../session/command-error.js';
import type { Context, Options, Place } from '../session/context.js';
import { filePath } from '../session/target.js';
import { eachPlace } from './each-place.js';

export function run(context: Context): Observable<unknown> {
  const { output, options } = context;
  if (options.dir === true && options.recursive === true) {
    throw wrongUsage('The options --dir and --recursive exclude each other.');
  }
  return eachPlace(context, ({ ftp, path }) => {
    const file = filePath(path);
    return removed$({ ftp, path: file }, options).pipe(
      tap((counts) => {
        if (output.json) output.result({ path: file, ...counts }, '');
      }),
    );
  });
}

function removed$({ ftp, path }: Place, { dir, recursive }: Options): Observable<object> {
  if (recursive === true) {
    return removeTree$(ftp, path).pipe(
      tap(({ files, directories }) => {
        if (files + directories === 0) throw notFound(path);
      }),
    );
  }
  if (dir === true) return ftp.rmd$(path).pipe(map(() => ({ files: 0, directories: 1 })));
  return ftp.dele$(path).pipe(map(() => ({ files: 1, directories: 0 })));
}
