/** `rxftp publish` puts a local directory in the place of a remote one. */
import { concatMap, type Observable } from 'rxjs';
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
    concatMap(({ ftp, path }) => report.of(publish$(local(directory), remote(ftp, filePath(path)), chosen))),
  );
}
