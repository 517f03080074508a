/** Makes the plan of two trees that were read, by a pure function. */
import { FtpUsageError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import { Leftovers } from './leftovers.js';
import type { Plan } from './plan.js';
import { PlanBuilder } from './plan-builder.js';
import type { PlanContext, TreesToCompare, UnseenPath } from './plan-context.js';
import { planRemovals } from './plan-removals.js';
import { planWrites } from './plan-writes.js';
import { TargetTree } from './target-tree.js';
import { comparePaths, Subtrees } from './tree-order.js';

/** Throws FtpUsageError where more would be removed than `maxDelete`. */
export function makePlan(trees: TreesToCompare): Plan {
  const source = [...trees.source].sort((a, b) => comparePaths(a.path, b.path));
  const target = new TargetTree(trees.target, trees.fold);
  const builder = new PlanBuilder();
  const context: PlanContext = {
    ...{ trees, source, target, builder },
    leftovers: new Leftovers([source, target.entries]),
    untouched: new Subtrees(untouchedBy(trees).map((path) => target.keyOf(path))),
    linked: new Subtrees(target.entries.filter(({ link }) => link === true).map(({ path }) => path)),
    claimed: new Set(),
    cleared: new Set(),
  };
  for (const { path, because, error } of distinct(trees.unseen)) builder.fail(path, because, error);
  if (trees.makeRoot === true) builder.add([{ do: 'mkdir', path: '', because: 'the directory is not there' }]);
  planWrites(context);
  planRemovals(context);
  requireFewRemovals(trees.maxDelete, builder);
  const manifest = trees.compare === 'manifest' ? ({ manifest: true } as const) : {};
  const links = trees.links === 'follow' ? ({ links: 'follow' } as const) : {};
  return builder.plan({ keepTime: trees.keepTime, ...links, ...manifest });
}

/** The name of an entry may be empty, or lead elsewhere: it must not stand for the root. */
function untouchedBy({ unseen, loops }: TreesToCompare): string[] {
  const paths = unseen.filter(({ path, isName = false }) => !isName || path !== '').map(({ path }) => path);
  return [...paths, ...(loops?.target ?? [])];
}

/** A directory that fails on both sides is one failed step. */
function distinct(unseen: readonly UnseenPath[]): Iterable<UnseenPath> {
  return new Map(unseen.toReversed().map((each) => [each.path, each])).values();
}

function requireFewRemovals(maxDelete: number | undefined, { removals, firstRemoved }: PlanBuilder): void {
  if (maxDelete === undefined || removals <= maxDelete) return;
  throw new FtpUsageError(
    `The plan would remove ${removals} files and directories, the first "${printable(firstRemoved)}": more than maxDelete (${maxDelete}).`,
  );
}
