/** `rxftp publish` puts a local directory in the place of a remote one. */
import { concatMap, finalize, Observable } from 'rxjs';
import { local, type PublishOptions, publish$, remote } from '../../recipes/index.js';
import type { Context } from '../session/context.js';
import { filePath } from '../session/target.js';
import { countOption } from './count-option.js';
import { StepReport } from './step-report.js';

export function run(context: Context): Observable<unknown> {
  const { args, options, output, place$ } = context;
  const [directory = '', url = ''] = args;
  const chosen: PublishOptions = {
    keep: countOption('--keep', options.keep),
    concurrency: countOption('--sessions', options.sessions),
    verify: options.verify as PublishOptions['verify'],
  };
  const report = new StepReport(output);
  return place$(url).pipe(
    concatMap(({ ftp, path }) => {
      const target = remote(ftp, filePath(path));
      return report.of(cleanedUp$(context, (signal) => publish$(local(directory), target, { ...chosen, signal })));
    }),
  );
}

/** Unsubscribing aborts the signal. The sessions stay open until the work has removed what it has made. */
function cleanedUp$<T>({ beforeClose }: Context, work: (signal: AbortSignal) => Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    const over = new Promise<void>((resolve) => {
      work(left.signal)
        .pipe(finalize(resolve))
        .subscribe({
          next: (value) => subscriber.next(value),
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
    });
    beforeClose(over);
    return () => left.abort();
  });
}
