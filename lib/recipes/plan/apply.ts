/** `apply$` and `mirror$` do the steps of a plan. */
import { concat, defer, finalize, type Observable, of, switchMap } from 'rxjs';
import { sessionLimit } from '../../client/parts.js';
import { FtpUsageError } from '../../errors.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { LocalTree } from '../tree/local-tree.js';
import type { Place } from '../tree/place.js';
import { RemoteTree } from '../tree/remote-tree.js';
import type { ApplyEvent, MirrorEvent } from './apply-event.js';
import { APPLY_OPTION_NAMES, type ApplyOptions, checkApplyOptions } from './apply-options.js';
import { requirePlan } from './check-plan.js';
import type { Sides } from './contents.js';
import { DownloadCopier } from './download-copier.js';
import type { CopySettings, FileCopier } from './file-copier.js';
import { MoveSlots } from './move-slots.js';
import type { Plan } from './plan.js';
import { checkPlanOptions, PLAN_OPTION_NAMES, type PlanOptions } from './plan-options.js';
import { PlanRun } from './plan-run.js';
import { openSides, plan$ } from './plan-trees.js';
import { RelayCopier } from './relay-copier.js';
import { RoughTimes } from './rough-times.js';
import { SharedRate } from './shared-rate.js';
import { TemporaryNames } from './temporary-name.js';
import { UploadCopier } from './upload-copier.js';

/**
 * Does the steps of a plan: directories and files first, several at a time, then the removals. Children come before their directory.
 *
 * Emits each step when it is over, and the progress of each file meanwhile. Refuses a step (`FtpUsageError`) if the target has changed
 * since the plan. Writes files under temporary names on both sides, and renames them when they are whole. On a server that is RNFR and
 * RNTO. If a server allows no rename, it errors with an `FtpReplyError` that names `atomic: false`. It writes nothing local through a
 * symbolic link below the root. It sets times by MFMT if the server has it.
 *
 * The plan may come from JSON. If a path leads out of the root, it throws an `FtpUsageError`, and does nothing. At the end, or at the
 * failed step that ends the work, it errors with `FtpTreeError`. Its `errors` have a `path` each: those of failed steps, and of directories
 * that the plan could not list.
 *
 * Unsubscribing aborts the running steps: each removes its temporary file, on a server before the next work of its session. The next
 * `mirror$` removes the temporary files of a killed process or a lost session. It recognises them by a digest of the final name.
 *
 * @example
 * ```ts
 * apply$(plan, remote(ftp, '/pub'), local('pub'), { onError: 'continue' }).subscribe((event) => {
 *   if (event.type === 'step') console.log(event.result, event.step.do, event.step.path);
 * });
 * ```
 */
export function apply$(plan: Plan, from: Place, to: Place, options: ApplyOptions = {}): Observable<ApplyEvent> {
  return defer(() => {
    checkApplyOptions(options);
    requirePlan(plan);
    const sides = openSides(from, to, 'apply$');
    const { onError = 'stop', maxErrors = Number.POSITIVE_INFINITY } = options;
    const over = new AbortController();
    const files = filesOf(sides, options);
    const run = new PlanRun(plan, sides, copierOf(plan, sides, { ...options, concurrency: files }, over.signal), {
      concurrency: stepsFor(files, sides),
      maxErrors: onError === 'stop' ? 1 : maxErrors,
    });
    const events$ = run.events$().pipe(finalize(() => over.abort()));
    return untilAborted(events$, options.signal);
  });
}

/** Of `mirror$`. */
export interface MirrorOptions extends PlanOptions, ApplyOptions {}

/**
 * Makes the tree `to` equal to the tree `from`: `plan$` and `apply$` in one. Emits the plan first, and then what `apply$` emits. Errors as
 * they do.
 *
 * If a directory cannot be listed, it writes and removes nothing beneath it. It does the other steps, and then errors with an
 * `FtpTreeError`. Two runs into one target at a time take each other's temporary files for leftovers. Their steps fail, and the next run
 * completes them.
 *
 * @example
 * ```ts
 * mirror$(local('site'), remote(ftp, '/www'), { delete: true, exclude: ['*.log'] }).subscribe((event) => {
 *   if (event.type === 'plan') console.log(event.plan.totals);
 * });
 * ```
 */
export function mirror$(from: Place, to: Place, options: MirrorOptions = {}): Observable<MirrorEvent> {
  return defer(() => {
    requireKnownOptions(options, { ...PLAN_OPTION_NAMES, ...APPLY_OPTION_NAMES });
    const { plan: planning, apply: applying } = parted(options);
    checkPlanOptions(planning);
    checkApplyOptions(applying);
    const mirror$ = plan$(from, to, planning).pipe(
      switchMap((plan) => concat(of<MirrorEvent>({ type: 'plan', plan }), apply$(plan, from, to, applying))),
    );
    return untilAborted(mirror$, options.signal);
  });
}

/** Both have the signal, which `mirror$` observes. */
function parted(options: MirrorOptions): { readonly plan: PlanOptions; readonly apply: ApplyOptions } {
  const named = (names: object): object =>
    Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(names, name) && name !== 'signal'));
  return { plan: named(PLAN_OPTION_NAMES), apply: named(APPLY_OPTION_NAMES) };
}

interface RunOptions extends ApplyOptions {
  readonly concurrency: number;
}

/** @param over aborted when the run is over. */
function copierOf(plan: Plan, { source, target }: Sides, options: RunOptions, over: AbortSignal): FileCopier {
  const { atomic = true, bytesPerSecond, concurrency } = options;
  const settings: CopySettings = {
    keepTime: plan.keepTime,
    atomic,
    followLinks: plan.links === 'follow',
    names: new TemporaryNames(),
    rate: bytesPerSecond === undefined ? undefined : new SharedRate(bytesPerSecond),
    slots: new MoveSlots(waitsForSessions({ source, target }, concurrency) ? Number.POSITIVE_INFINITY : concurrency),
  };
  if (source instanceof RemoteTree) {
    const times = new RoughTimes(source, plan.steps, over);
    if (target instanceof RemoteTree) return new RelayCopier(source, target, settings, times);
    if (target instanceof LocalTree) return new DownloadCopier(source, target, settings, times);
  } else if (source instanceof LocalTree && target instanceof RemoteTree)
    return new UploadCopier(source, target, settings);
  throw new FtpUsageError('apply$ needs a remote place on one side.');
}

/** A copy within one client needs two of its sessions. */
function filesOf({ source, target }: Sides, { concurrency = 4 }: ApplyOptions): number {
  const isOneClient = source instanceof RemoteTree && target instanceof RemoteTree && source.ftp === target.ftp;
  return isOneClient ? 1 : concurrency;
}

/**
 * Whether a client has no more sessions than files may move. Then the transfers may wait for these sessions by themselves. The short
 * commands of several files come behind them, and leave together.
 */
function waitsForSessions({ source, target }: Sides, files: number): boolean {
  return [source, target].some((side) => side instanceof RemoteTree && sessionLimit(side.ftp) <= files);
}

/** So many steps are under way for each file that may move. */
const STEPS_FOR_A_FILE = 4;

/** A copy from server to server holds a session of each while it waits. */
function stepsFor(files: number, { source, target }: Sides): number {
  const areRemote = source instanceof RemoteTree && target instanceof RemoteTree;
  return files === 1 || areRemote ? files : files * STEPS_FOR_A_FILE;
}
