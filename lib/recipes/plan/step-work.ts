/** Does one step of a plan. */
import { mkdir } from 'node:fs/promises';
import { concat, concatMap, defer, EMPTY, from, lastValueFrom, map, Observable, of } from 'rxjs';
import { FtpReplyError } from '../../errors.js';
import type { TransferProgress } from '../../streams/progress-meter.js';
import { ensureDirectory$ } from '../tree/ensure-directory.js';
import { RemoteTree } from '../tree/remote-tree.js';
import type { TreePlace } from '../tree/tree-place.js';
import { afterwards$ } from './afterwards.js';
import type { ApplyEvent, StepEvent } from './apply-event.js';
import type { FileCopier } from './file-copier.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import type { PlanStep } from './plan.js';
import type { RemovalGuard } from './removal-guard.js';
import { isWrite } from './steps.js';
import type { Standing, TargetCheck } from './target-check.js';

export interface StepTools {
  readonly target: TreePlace;
  readonly check: TargetCheck;
  readonly copier: FileCopier;
  readonly manifest: ManifestKeeper | undefined;
  readonly guard: RemovalGuard;
  /** Aborted when the run is over. */
  readonly signal: AbortSignal;
}

export class StepWork {
  readonly #tools: StepTools;

  constructor(tools: StepTools) {
    this.#tools = tools;
  }

  /** Emits progress of a copy, and the step as done or skipped. Errors if it fails. */
  events$(step: PlanStep): Observable<ApplyEvent> {
    const { target } = this.#tools;
    if (step.do === 'mkdir' && step.was === undefined && target.side === 'remote')
      return defer(() => this.#makeUnseen(step)).pipe(map((result) => outcome(step, result)));
    return afterwards$(
      () => this.#standing(step),
      (standing) => {
        if (standing === 'as planned') return this.#do$(step);
        if (step.do === 'mkdir') this.#tools.check.found(step.path);
        return of(outcome(step, 'skipped'));
      },
    );
  }

  /** The server refuses MKD if something stands there. Only then this asks the server what that is. */
  async #makeUnseen(step: PlanStep): Promise<'done' | 'skipped'> {
    const { check, signal } = this.#tools;
    signal.throwIfAborted();
    try {
      if (await this.#make(step.path)) return 'done';
    } catch (error) {
      if (!(error instanceof FtpReplyError) || (await check.check(step)) === 'as planned') throw error;
    }
    check.found(step.path);
    return 'skipped';
  }

  /** False if the directory was there. */
  async #make(path: string): Promise<boolean> {
    const { target, check, signal } = this.#tools;
    const isNew = path === '' ? await makeRoot(target, signal) : true;
    if (path !== '') await target.makeDirectory(path, signal);
    if (isNew) check.made(path);
    return isNew;
  }

  /** The content of a directory is removed only if the directory is known to be no link. */
  #standing(step: PlanStep): Promise<Standing> {
    return step.do === 'remove' ? this.#standingOfRemoval(step) : this.#tools.check.check(step);
  }

  async #standingOfRemoval(step: PlanStep): Promise<Standing> {
    const { check, guard } = this.#tools;
    return (await guard.isGone(step.path)) ? 'already' : check.check(step);
  }

  #do$(step: PlanStep): Observable<ApplyEvent> {
    if (isWrite(step)) return this.#copy$(step);
    return concat(
      nothing(() => this.#doAtOnce(step)),
      of(outcome(step, 'done')),
    );
  }

  /** Most copies have neither a manifest nor permissions to set: they need no more than the copier's events. */
  #copy$(step: PlanStep): Observable<ApplyEvent> {
    const { copier, manifest } = this.#tools;
    const copied$ = copyEvents(step, copier.copy(step));
    if (manifest === undefined && step.mode === undefined) return copied$;
    return afterwards$(
      async () => manifest?.begin(step),
      () => copied$.pipe(concatMap((event) => (event.type === 'step' ? this.#whole$(event) : of(event)))),
    );
  }

  /** A copied file is done when it has its permissions, and the manifest knows it. */
  #whole$(event: StepEvent): Observable<StepEvent> {
    return afterwards$(
      async () => {
        await this.#setMode(event.step);
        await this.#tools.manifest?.copied(event.step);
      },
      () => of(event),
    );
  }

  async #doAtOnce(step: PlanStep): Promise<void> {
    const { target, check, manifest, signal } = this.#tools;
    signal.throwIfAborted();
    if (step.do === 'mkdir') {
      await this.#make(step.path);
      return;
    }
    await manifest?.begin(step);
    if (step.do === 'time') await this.#setAttributes(step);
    else {
      if (step.was?.kind === 'directory') await target.removeDirectory(step.path, signal);
      else await target.removeFile(step.path, signal);
      await check.removed(step.path);
    }
  }

  async #setAttributes(step: PlanStep): Promise<void> {
    const { target, signal } = this.#tools;
    if (step.modified !== undefined) await target.setTime(step.path, new Date(step.modified), signal);
    await this.#setMode(step);
  }

  async #setMode({ path, mode }: PlanStep): Promise<void> {
    const { target, signal } = this.#tools;
    if (mode !== undefined) await target.setMode(path, mode, signal);
  }
}

/** False if it was there: on a server alone, since a local one was looked for before. */
async function makeRoot(target: TreePlace, signal: AbortSignal): Promise<boolean> {
  if (target instanceof RemoteTree) return lastValueFrom(ensureDirectory$(target.short, target.at(''), { signal }));
  await mkdir(target.at(''), { recursive: true });
  return true;
}

/** The progress of a copy, and at its end the step as done. */
function copyEvents(step: PlanStep, copy$: Observable<TransferProgress>): Observable<ApplyEvent> {
  return new Observable((subscriber) =>
    copy$.subscribe({
      next: (progress) => subscriber.next({ ...progress, type: 'progress', path: step.path }),
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        subscriber.next(outcome(step, 'done'));
        subscriber.complete();
      },
    }),
  );
}

/** Work without a value. */
function nothing(work: () => Promise<void>): Observable<never> {
  return defer(() => from(work())).pipe(concatMap(() => EMPTY));
}

function outcome(step: PlanStep, result: StepEvent['result']): StepEvent {
  return { type: 'step', step, result };
}
