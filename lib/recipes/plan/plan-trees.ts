/** `plan$` emits, as one value, the steps that make one tree equal to another. */
import { defer, forkJoin, map, type Observable, of, switchMap } from 'rxjs';
import { FtpUsageError } from '../../errors.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { openPlace } from '../tree/open-place.js';
import type { Place } from '../tree/place.js';
import type { TreePlace } from '../tree/tree-place.js';
import { withSignal } from '../with-signal.js';
import { type ContentAnswers, compareHashes$, compareManifest$, type Sides } from './contents.js';
import { foldOf } from './fold-names.js';
import { makePlan } from './make-plan.js';
import { MANIFEST_NAME, MAX_MANIFEST_BYTES, parseManifest } from './manifest.js';
import type { Plan } from './plan.js';
import type { TreesToCompare } from './plan-context.js';
import { checkPlanOptions, type PlanOptions } from './plan-options.js';
import { readSide$, type SideOfPlan } from './read-side.js';
import { openSelection } from './selection.js';

const MAX_IGNORE_BYTES = 1024 * 1024;

/**
 * Plans the steps that make the tree `to` equal to the tree `from`. It works from local to remote, remote to local, and server to server.
 *
 * It reads both trees, and emits one `Plan`. That is a JSON value with ordered steps, for `apply$`, for people, or for a file. It changes
 * nothing on either side, not even to measure. The target may be missing. The plan of equal trees has no steps but `skip`.
 *
 * A directory is a failed step if it cannot be listed, or if its listing has a row that was not understood. Nothing beneath it is written
 * or removed. A name that the target cannot have is a failed step too. All other entries have their steps. Errors as the listing of the
 * source's root does, with `FtpUsageError` for bad options, and if `maxDelete` is exceeded. Unsubscribing aborts the listings.
 *
 * @example
 * ```ts
 * const plan = await lastValueFrom(plan$(local('site'), remote(ftp, '/www'), { delete: true }));
 * for (const { do: what, path, because } of plan.steps) console.log(what, path, because);
 * await lastValueFrom(apply$(plan, local('site'), remote(ftp, '/www')), { defaultValue: undefined });
 * ```
 */
export function plan$(from: Place, to: Place, options: PlanOptions = {}): Observable<Plan> {
  return defer(() => {
    checkPlanOptions(options);
    const sides = openSides(from, to, 'plan$');
    return untilAborted(planned$(sides, options), options.signal);
  });
}

/** Throws FtpUsageError for a value that is no place, and for two local ones. */
export function openSides(from: Place, to: Place, recipe: string): Sides {
  const sides = { source: openPlace(from, recipe, true), target: openPlace(to, recipe, true) };
  if (sides.source.side === 'local' && sides.target.side === 'local') {
    throw new FtpUsageError(`${recipe} needs a remote place: to copy on this machine, use cp of node:fs.`);
  }
  return sides;
}

function planned$({ source, target }: Sides, options: PlanOptions): Observable<Plan> {
  const { ignoreFile, include, exclude, links = 'skip' } = options;
  const rules$: Observable<string | undefined> =
    ignoreFile === undefined ? of(undefined) : withSignal((signal) => rulesOf(source, ignoreFile, signal));
  return rules$.pipe(
    switchMap((ignoreRules) => openSelection({ include, exclude, ignoreRules })),
    switchMap((selection) => {
      return forkJoin({
        from: readSide$(source, { links, selection, side: 'source' }),
        to: readTarget$(target, { links, selection, side: 'target' }),
      }).pipe(
        switchMap(({ from, to }) =>
          withSignal(() => foldOf(target, to?.isDos ?? false)).pipe(
            map((fold) => ({ ...treesOf(from, to, options), selection, fold, nameFault: target.names })),
          ),
        ),
      );
    }),
    switchMap((trees) => compared$({ source, target }, trees)),
  );
}

async function rulesOf(source: TreePlace, path: string, signal: AbortSignal): Promise<string> {
  const bytes = await source.readSmall(path, MAX_IGNORE_BYTES, signal);
  if (bytes === undefined) throw new FtpUsageError(`The ignoreFile is not there: ${source.at(path)}.`);
  return Buffer.from(bytes).toString('utf8');
}

/** Emits undefined if the target does not exist. */
function readTarget$(target: TreePlace, options: Parameters<typeof readSide$>[1]): Observable<SideOfPlan | undefined> {
  return withSignal((signal) => target.stat('', signal)).pipe(
    switchMap((root) => (root === undefined ? of(undefined) : readSide$(target, options))),
  );
}

function treesOf(
  source: SideOfPlan,
  target: SideOfPlan | undefined,
  options: PlanOptions,
): Omit<TreesToCompare, 'selection'> {
  const { compare = 'size+time', keepTime = true, keepMode = false, links, maxDelete } = options;
  return {
    ...{ compare, keepTime, keepMode, links, maxDelete, delete: options.delete ?? false },
    source: source.entries,
    target: target?.entries ?? [],
    unseen: [...source.unseen, ...(target?.unseen ?? [])],
    loops: { source: source.loops, target: target?.loops ?? new Set() },
    makeRoot: target === undefined,
  };
}

/** A first plan tells which files need a comparison of their bytes. */
function compared$(sides: Sides, trees: TreesToCompare): Observable<Plan> {
  if (trees.compare !== 'hash' && trees.compare !== 'manifest') return of(makePlan(trees));
  const asked: string[] = [];
  makePlan({
    ...trees,
    contentOf: (path) => {
      asked.push(path);
      return 'same';
    },
  });
  const answers$ =
    trees.compare === 'hash' ? compareHashes$(asked, sides, trees.links) : manifestAnswers$(asked, sides, trees);
  return answers$.pipe(map((answers) => makePlan({ ...trees, contentOf: (path) => answers.get(path) })));
}

function manifestAnswers$(asked: readonly string[], sides: Sides, trees: TreesToCompare): Observable<ContentAnswers> {
  const targets = new Map([...trees.target].map((entry) => [entry.path, entry]));
  return withSignal((signal) => sides.target.readSmall(MANIFEST_NAME, MAX_MANIFEST_BYTES, signal)).pipe(
    switchMap((bytes) =>
      compareManifest$(asked, sides, { manifest: parseManifest(bytes), targets, links: trees.links }),
    ),
  );
}
