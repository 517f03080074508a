/** `publish$`: a local tree in place of a remote one, all of it or nothing. */
import { lastValueFrom, Observable, takeUntil, tap } from 'rxjs';
import { FtpError, FtpReplyError, FtpUsageError, withRemark } from '../../errors.js';
import { SYSTEM_CLOCK } from '../../net/clock.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { asError } from '../../streams/as-error.js';
import { type LocalPlace, type RemotePlace, remote } from '../tree/place.js';
import { RemoteTree } from '../tree/remote-tree.js';
import { removeTree$ } from '../tree/remove-tree.js';
import { checkStaging } from './check-staging.js';
import { fill$ } from './fill-staging.js';
import { readSource } from './local-source.js';
import type { Emit, PublishEvent, PublishStep } from './publish-event.js';
import { checkPublishOptions, type PublishOptions } from './publish-options.js';
import { isLeftover, isOld, type Site, siteOf } from './site.js';
import { refusedRename, swap, UNDECIDED } from './swap.js';

/**
 * Publishes a local directory as the remote one: uploads it under another name beside the target, verifies it, and swaps the two by two
 * renames. Between those, for about three round trips, the target is absent. The old tree is kept beside it, or removed.
 *
 * Emits each step when it is over, and the progress of each file; completes when the new tree has its name and old trees are removed.
 * An old tree that cannot be removed is a step with `result: 'failed'`, and no error.
 *
 * Where it errors, the old tree stands under its name, and what was uploaded is removed: with the error of the operation that failed;
 * with `FtpTransferError` where the new tree is not what was uploaded; with `FtpTreeError` where the local tree cannot be read, before
 * anything is sent. A server that does not let directories be made and renamed beside the target is found out by a trial, before the
 * upload; that error names `mirror$`. If the connection is lost between the renames, it looks where the trees are, and puts the old one
 * back; where that fails too, the error names both paths.
 *
 * Unsubscribing ends the uploads, and removes in the background what was uploaded. Once the first rename was sent, the second one follows, so
 * that the old tree or the new one has the name: `close$({ drain: true })` waits for it. A killed run may leave directories beside the target;
 * the next run of the same local directory on the same machine removes them. If the target is absent then, it first puts the old tree back.
 *
 * @example
 * ```ts
 * publish$(local('dist'), remote(ftp, '/www/site')).subscribe({ complete: () => console.log('published') });
 * ```
 */
export function publish$(from: LocalPlace, to: RemotePlace, options: PublishOptions = {}): Observable<PublishEvent> {
  const published$ = new Observable<PublishEvent>((subscriber) => {
    checkPublishOptions(options);
    if (from?.side !== 'local' || to?.side !== 'remote') {
      throw new FtpUsageError("publish$ needs two places: local('dir'), and remote(ftp, '/dir').");
    }
    const left = new AbortController();
    const site = siteOf(from, to, SYSTEM_CLOCK.today());
    const emit: Emit = (event) => subscriber.next(event);
    new Publishing({ from, to, options, site, emit, signal: left.signal }).run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => left.abort();
  });
  return untilAborted(published$, options?.signal);
}

interface PublishingOptions {
  readonly from: LocalPlace;
  readonly to: RemotePlace;
  readonly options: PublishOptions;
  readonly site: Site;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

class Publishing {
  readonly #from: LocalPlace;
  readonly #options: PublishOptions;
  readonly #site: Site;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #concurrency: number;
  /** The tree whose root is the target's parent. */
  readonly #tree: RemoteTree;
  readonly #staging: RemoteTree;

  constructor({ from, to, options, site, emit, signal }: PublishingOptions) {
    this.#from = from;
    this.#options = options;
    this.#site = site;
    this.#emit = emit;
    this.#signal = signal;
    this.#concurrency = options.concurrency ?? 4;
    this.#tree = new RemoteTree(remote(to.ftp, site.parent));
    this.#staging = new RemoteTree(remote(to.ftp, this.#tree.at(site.staging)));
  }

  async run(): Promise<void> {
    const source = await readSource(this.#from, this.#options, this.#signal);
    const siblings = await this.#siblings();
    await this.#tidyUp(siblings);
    const replaces = await this.#isThere();
    try {
      await this.#tryRename();
      const uploaded = new Map<string, number>();
      const filling = { from: this.#from, source, staging: this.#staging, options: this.#options };
      await this.#show(fill$({ ...filling, concurrency: this.#concurrency, uploaded }));
      await checkStaging({ staging: this.#staging, source, uploaded, concurrency: this.#concurrency }, this.#signal);
      this.#done({ do: 'verify', path: this.#staging.at(''), because: 'the server lists what was uploaded' });
      this.#signal.throwIfAborted();
      await swap({ tree: this.#tree, site: this.#site, replaces });
    } catch (error) {
      throw await this.#removed(error);
    }
    this.#tellSwap(replaces);
    const olds = siblings.filter((name) => isOld(this.#site, name));
    await this.#removeOlds(replaces ? [...olds, this.#site.old] : olds);
  }

  /** The names beside the target. A server that does not list its directory leaves what is there alone. */
  async #siblings(): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      await lastValueFrom(this.#tree.list('', { signal: this.#signal }).pipe(tap(({ name }) => names.push(name))), {
        defaultValue: undefined,
      });
    } catch (error) {
      if (!(error instanceof FtpReplyError)) throw error;
      this.#failed(
        { do: 'remove', path: this.#tree.at(''), because: 'what earlier runs have left is looked for' },
        error,
      );
    }
    return names;
  }

  /** What a killed run has left: the old tree beside an absent target is put back first. */
  async #tidyUp(siblings: readonly string[]): Promise<void> {
    const leftovers = siblings.filter((name) => isLeftover(this.#site, name));
    if (leftovers.length === 0) return;
    const newest = siblings
      .filter((name) => isOld(this.#site, name))
      .sort()
      .at(-1);
    if (newest !== undefined && !siblings.includes(this.#site.name)) await this.#putBack(newest);
    for (const name of leftovers) {
      await this.#remove({ path: name, because: 'an earlier run was killed and has left it' });
    }
  }

  async #putBack(old: string): Promise<void> {
    await this.#tree.rename(old, this.#site.name, this.#signal);
    const because = 'an earlier run was killed between its renames';
    this.#done({ do: 'rename', path: this.#tree.at(old), to: this.#tree.at(this.#site.name), because });
  }

  /** Whether the target is there, as a directory. */
  async #isThere(): Promise<boolean> {
    const { name } = this.#site;
    const found = await this.#tree.stat(name, this.#signal);
    if (found === undefined) return false;
    if (found.kind === 'directory') return true;
    throw new FtpUsageError(`publish$ replaces directories, and ${this.#tree.at(name)} is a ${found.kind}.`);
  }

  async #tryRename(): Promise<void> {
    const { trial, staging } = this.#site;
    try {
      await this.#tree.makeDirectory(trial, this.#signal);
      await this.#tree.rename(trial, staging, this.#signal);
    } catch (error) {
      throw error instanceof FtpReplyError ? refusedRename(error, this.#site, this.#tree) : error;
    }
    this.#done({ do: 'mkdir', path: '', because: 'the new tree is made beside the target' });
  }

  /** Ends when all is shown, or the user has left. */
  async #show(events$: Observable<PublishEvent>): Promise<void> {
    const left$ = new Observable<void>((subscriber) => {
      const leave = (): void => subscriber.next();
      this.#signal.addEventListener('abort', leave);
      if (this.#signal.aborted) leave();
      return () => this.#signal.removeEventListener('abort', leave);
    });
    await lastValueFrom(events$.pipe(takeUntil(left$), tap(this.#emit)), { defaultValue: undefined });
    this.#signal.throwIfAborted();
  }

  /** The error of the whole, when what was made is removed again, as far as that can be done. */
  async #removed(error: unknown): Promise<unknown> {
    if (error instanceof Error && UNDECIDED in error) return error;
    const { trial, staging } = this.#site;
    const left: string[] = [];
    for (const path of [trial, staging]) {
      await this.#removeTree(path).catch(() => left.push(this.#tree.at(path)));
    }
    if (left.length === 0 || !(error instanceof FtpError)) return error;
    return withRemark(error, `What was uploaded could not be removed: ${left.join(', ')}.`);
  }

  #tellSwap(replaces: boolean): void {
    const [target, old, staging] = [this.#site.name, this.#site.old, this.#site.staging].map((name) =>
      this.#tree.at(name),
    );
    if (replaces) this.#done({ do: 'rename', path: `${target}`, to: old, because: 'it is the old tree' });
    this.#done({ do: 'rename', path: `${staging}`, to: target, because: 'it is the new tree' });
  }

  async #removeOlds(olds: readonly string[]): Promise<void> {
    const { keep = 1 } = this.#options;
    const [...byTime] = olds;
    for (const name of byTime.sort().reverse().slice(keep)) {
      this.#signal.throwIfAborted();
      await this.#remove({ path: name, because: `it is older than the ${keep} old trees to keep` });
    }
  }

  /** A failure is told. */
  async #remove({ path, because }: { readonly path: string; readonly because: string }): Promise<void> {
    const step: PublishStep = { do: 'remove', path: this.#tree.at(path), because };
    try {
      await this.#removeTree(path, this.#signal);
      this.#done(step);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#failed(step, error);
    }
  }

  /** Of a tree that may be not there. */
  #removeTree(name: string, signal?: AbortSignal): Promise<unknown> {
    return lastValueFrom(removeTree$(this.#tree.ftp, this.#tree.at(name), { signal }));
  }

  #done(step: PublishStep): void {
    this.#emit({ type: 'step', step, result: 'done' });
  }

  #failed(step: PublishStep, error: unknown): void {
    this.#emit({ type: 'step', step, result: 'failed', error: asError(error) });
  }
}
