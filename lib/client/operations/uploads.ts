/** Runs STOR, APPE and STOU: uploads as Observables of their progress. */
import type { Observable } from 'rxjs';
import { untilAborted } from '../../streams/abort-signal.js';
import type { TransferProgress } from '../../streams/progress-meter.js';
import { checked, type OperationContext, present, repeatable, task$ } from './operation.js';
import type { UploadTarget } from './stored-file.js';
import type { StorOptions } from './transfer-options.js';
import type { UploadContent } from './upload-content.js';
import { type AskedUpload, type UploadCourse, UploadTry } from './upload-try.js';

/**
 * Runs one upload: progress while it lasts, and a last one when the server's final reply is in. `check` throws for bad
 * options at subscription.
 */
export function store$(
  context: OperationContext,
  target: UploadTarget,
  content: UploadContent,
  options: StorOptions,
  check: () => void,
): Observable<TransferProgress> {
  const upload$ = task$<TransferProgress>(context, () => {
    content.check();
    check();
    const { verb, path } = target;
    const line = verb === 'STOU' ? checked(context, verb, ...present(path)) : checked(context, verb, path);
    content.requireUsable();
    const course: UploadCourse = { attempt: 1, isStored: false, mayBeginLate: false };
    const asked: AskedUpload = { context, line, target, content, options, course };
    return {
      kind: 'transfer',
      ...repeatable(line),
      mustNotRepeat: () => content.isUsedUp() || (course.isStored && verb !== 'STOR'),
      onRepeat: (attempt) => {
        course.attempt = attempt;
      },
      work: (session, emit, signal) => new UploadTry(session, asked, emit).run(signal),
    };
  });
  // JavaScript may give null, which is refused at subscription.
  return untilAborted(content.guard(upload$), options?.signal);
}
