/** Runs one publication, from the local tree to the removal of old ones. */
import { lastValueFrom, Observable, takeUntil, tap } from 'rxjs';
import { FtpError, FtpReplyError, FtpUsageError, withRemark } from '../../errors.js';
import { type LocalPlace, type RemotePlace, remote } from '../tree/place.js';
import { RemoteTree } from '../tree/remote-tree.js';
import { wholeWork } from '../whole-work.js';
import { checkStaging } from './check-staging.js';
import { fill$ } from './fill-staging.js';
import { readSource, type Source } from './local-source.js';
import { Neighbours, removeTree } from './neighbours.js';
import type { Emit, PublishEvent, PublishStep } from './publish-event.js';
import type { PublishOptions } from './publish-options.js';
import type { Site } from './site.js';
import { refusedRename, swap, UNDECIDED } from './swap.js';

interface PublishingOptions {
  readonly from: LocalPlace;
  readonly to: RemotePlace;
  readonly options: PublishOptions;
  readonly site: Site;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export class Publishing {
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
    this.#staging = this.#tree.below(site.staging);
  }

  async run(): Promise<void> {
    const source = await readSource(this.#from, this.#options, this.#signal);
    const neighbours = new Neighbours({ site: this.#site, tree: this.#tree, emit: this.#emit, signal: this.#signal });
    await neighbours.read();
    await neighbours.tidyUp();
    const replaces = await this.#isThere();
    await wholeWork(this.#tree.ftp, () => this.#replace(source, replaces));
    this.#tellSwap(replaces);
    await neighbours.removeOlds(this.#options.keep ?? 1, replaces ? this.#site.old : undefined);
  }

  /** The new tree has the target's name; or it errors, and nothing is left of it. */
  async #replace(source: Source, replaces: boolean): Promise<void> {
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

  /** Ends when all is shown, or the user has unsubscribed. */
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

  /** The error of the whole, after the removal of the upload, as far as that is possible. */
  async #removed(error: unknown): Promise<unknown> {
    if (error instanceof Error && UNDECIDED in error) return error;
    const { trial, staging } = this.#site;
    const tidying = this.#tree.undoing();
    const left: string[] = [];
    for (const path of [trial, staging]) {
      await removeTree(tidying, path).catch(() => left.push(this.#tree.at(path)));
    }
    if (left.length === 0 || !(error instanceof FtpError)) return error;
    return withRemark(error, `The upload could not be removed: ${left.join(', ')}.`);
  }

  #tellSwap(replaces: boolean): void {
    const [target, old, staging] = [this.#site.name, this.#site.old, this.#site.staging].map((name) =>
      this.#tree.at(name),
    );
    if (replaces) this.#done({ do: 'rename', path: `${target}`, to: old, because: 'it is the old tree' });
    this.#done({ do: 'rename', path: `${staging}`, to: target, because: 'it is the new tree' });
  }

  #done(step: PublishStep): void {
    this.#emit({ type: 'step', step, result: 'done' });
  }
}
