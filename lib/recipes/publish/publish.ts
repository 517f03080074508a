/** `publish$` puts a local tree in place of a remote one, all of it or nothing. */
import { Observable } from 'rxjs';
import { FtpUsageError } from '../../errors.js';
import { SYSTEM_CLOCK } from '../../net/clock.js';
import { onAbort } from '../../streams/abort-signal.js';
import type { LocalPlace, RemotePlace } from '../tree/place.js';
import type { Emit, PublishEvent } from './publish-event.js';
import { checkPublishOptions, type PublishOptions } from './publish-options.js';
import { Publishing } from './publishing.js';
import { siteOf } from './site.js';

/**
 * Publishes a local directory as the remote one. It uploads it under another name beside the target, verifies it, and swaps the two by two
 * renames. The target is absent between those, for two round trips. It keeps the old tree beside it, or removes it.
 *
 * Emits each step when it is over, and the progress of each file. It completes when the new tree has its name and old trees are removed. An
 * old tree that cannot be removed is a step with `result: 'failed'`, and no error.
 *
 * If it errors, the old tree keeps its name, and the upload is removed. The error is that of the failed operation. It is an
 * `FtpTransferError` if the new tree differs from the uploaded one. It is an `FtpTreeError` if the local tree cannot be read, before the
 * client sends anything. A trial before the upload detects a server that forbids to make and rename directories beside the target. That
 * error names `mirror$`. If the connection is lost between the renames, it looks where the trees are, and puts the old one back. If that
 * fails too, the error names both paths.
 *
 * Unsubscribing ends the uploads, and removes the upload in the background. After the first rename has left, the second one follows, so
 * that the old tree or the new one has the name. `close$({ drain: true })` waits for both. An abort by the option `signal` errors only after
 * the removal. A killed run may leave directories beside the target. The next run of the same local directory on the same machine removes
 * them. If the target is absent then, it first puts the old tree back.
 *
 * @example
 * ```ts
 * publish$(local('dist'), remote(ftp, '/www/site')).subscribe({ complete: () => console.log('published') });
 * ```
 */
export function publish$(from: LocalPlace, to: RemotePlace, options: PublishOptions = {}): Observable<PublishEvent> {
  return new Observable<PublishEvent>((subscriber) => {
    checkPublishOptions(options);
    if (from?.side !== 'local' || to?.side !== 'remote') {
      throw new FtpUsageError("publish$ needs two places: local('dir'), and remote(ftp, '/dir').");
    }
    const left = new AbortController();
    subscriber.add(onAbort(options.signal, (reason) => left.abort(reason)));
    left.signal.throwIfAborted();
    const site = siteOf(from, to, SYSTEM_CLOCK.today());
    const emit: Emit = (event) => subscriber.next(event);
    new Publishing({ from, to, options, site, emit, signal: left.signal }).run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => left.abort();
  });
}
