/** Makes the second half of a plan: the removals from the target. */
import { nameOf, parentOf } from '../tree/tree-entry.js';
import type { LeanEntry } from './lean-entry.js';
import { MANIFEST_NAME } from './manifest.js';
import type { PlanStep } from './plan.js';
import { isOwn, type PlanContext, type UnseenPath } from './plan-context.js';
import { removeStep } from './steps.js';
import { isPutAside } from './temporary-name.js';

const NOT_IN_SOURCE = 'the source does not have it';
const LEFT_OVER = 'an earlier run has left it';

/** Children come before their parent, which stays if one of them stays. */
export function planRemovals(context: PlanContext): void {
  const { target, builder, trees } = context;
  keepLoops(context);
  const kept = directoriesAbove(trees.unseen);
  for (const entry of target.entries.toReversed()) {
    if (isThroughLink(context, entry) && !isOwn(context, entry.path)) continue;
    const because = reasonToRemove(context, entry, kept);
    if (because === undefined) {
      kept.add(parentOf(entry.path));
    } else if (entry.kind === 'other') {
      kept.add(parentOf(entry.path));
      if (trees.delete)
        builder.skip(entry.path, 'the source does not have it, and it is neither a file nor a directory');
    } else if (because === LEFT_OVER) builder.addLeftover(removeStep(entry, because));
    else builder.addRemoval(removeStep(asLink(entry), because));
  }
}

/**
 * A server may show links as directories. If there is a loop, one directory on the way to it is a link. Its target is seen twice, or is
 * outside of the root. So all of the way stays that the source does not have.
 */
function keepLoops({ trees, target, claimed, untouched }: PlanContext): void {
  for (const loop of trees.loops?.target ?? []) {
    if (target.find(loop)?.link === true) continue;
    let top = loop;
    for (let at = loop; at !== '' && !claimed.has(target.keyOf(at)); at = parentOf(at)) top = at;
    untouched.add(target.keyOf(top));
  }
}

/** There is something in them that no entry shows. */
function directoriesAbove(unseen: readonly UnseenPath[]): Set<string> {
  const found = new Set<string>();
  for (const { path } of unseen) for (let at = parentOf(path); at !== ''; at = parentOf(at)) found.add(at);
  return found;
}

/** Undefined for an entry that stays. */
function reasonToRemove(context: PlanContext, entry: LeanEntry, kept: ReadonlySet<string>): string | undefined {
  const { trees, target, claimed, untouched } = context;
  const key = target.keyOf(entry.path);
  if (context.cleared.has(entry.path)) return undefined;
  if (untouched.covers(key) || isExcluded(context, entry)) return undefined;
  if (isOwn(context, entry.path)) return isLeftover(context, entry.path) ? LEFT_OVER : undefined;
  if (!trees.delete || claimed.has(key) || kept.has(entry.path)) return undefined;
  return NOT_IN_SOURCE;
}

/** Paths that `include` does not name are no part of the trees. */
function isExcluded(context: PlanContext, entry: LeanEntry): boolean {
  return context.trees.selection.excludes(entry.path, entry.kind === 'directory') || !isIncluded(context, entry);
}

/** A temporary file is a part of the trees if its final name is. */
function isIncluded({ trees: { selection }, leftovers }: PlanContext, { path, kind }: LeanEntry): boolean {
  const final = leftovers.finalOf(path) ?? path;
  return final === MANIFEST_NAME || selection.includes(final, kind === 'directory');
}

/**
 * Whether a temporary file is of no use any more. The old file that was put aside is all there is of it, until there is a new one under
 * the final name. If this plan writes that, `PlanRun` removes the old one behind it.
 */
function isLeftover({ leftovers, target, builder }: PlanContext, path: string): boolean {
  const final = leftovers.finalOf(path);
  if (final === undefined) return false;
  return !isPutAside(nameOf(path)) || target.find(final)?.kind === 'file' || builder.writes(final);
}

/**
 * The steps that remove what stands where something of another kind must be, with all that is in it. Undefined if that must not be
 * removed.
 */
export function clearingSteps(context: PlanContext, found: LeanEntry): readonly PlanStep[] | undefined {
  const below = found.kind === 'directory' ? context.target.below(found) : [];
  const all = [...below.filter((entry) => !isThroughLink(context, entry)), found];
  if (!context.trees.delete || all.some((entry) => isProtected(context, entry))) return undefined;
  for (const { path } of all) context.cleared.add(path);
  return all.map((entry) => removeStep(asLink(entry), 'something of another kind must be there'));
}

function isProtected(context: PlanContext, entry: LeanEntry): boolean {
  const { untouched, target } = context;
  return entry.kind === 'other' || untouched.covers(target.keyOf(entry.path)) || isExcluded(context, entry);
}

/** It is in the target of a link, perhaps outside of the root. */
function isThroughLink({ linked }: PlanContext, { path }: LeanEntry): boolean {
  return linked.covers(parentOf(path));
}

/** Of a link that was followed, the link is removed, and not what it leads to. */
function asLink(entry: LeanEntry): LeanEntry {
  return entry.link === true ? { ...entry, kind: 'symlink' } : entry;
}
