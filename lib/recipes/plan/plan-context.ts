/** Holds the known facts of two trees while their plan is made. */
import type { CompareChoice, ContentAnswer } from './compare-files.js';
import type { LeanEntry } from './lean-entry.js';
import type { Leftovers } from './leftovers.js';
import { MANIFEST_NAME } from './manifest.js';
import type { PlanBuilder } from './plan-builder.js';
import type { Selection } from './selection.js';
import type { Kept } from './steps.js';
import type { FoldPath, TargetTree } from './target-tree.js';
import type { Subtrees } from './tree-order.js';

/** A directory that could not be listed whole, or an entry whose name cannot be. */
export interface UnseenPath {
  readonly path: string;
  readonly because: string;
  /** `path` is an entry, and not a directory of which entries are missing. */
  readonly isName?: boolean | undefined;
  readonly error?: Error | undefined;
}

export interface TreesToCompare extends Kept {
  readonly selection: Selection;
  readonly source: Iterable<LeanEntry>;
  readonly target: Iterable<LeanEntry>;
  /** On either side: nothing beneath them is written or removed. */
  readonly unseen: readonly UnseenPath[];
  /** Directories that were not entered, since they lead back to one that they are in: of the source, and of the target. */
  readonly loops?: { readonly source: ReadonlySet<string>; readonly target: ReadonlySet<string> } | undefined;
  /** The target's root is not there, and has to be made. */
  readonly makeRoot?: boolean | undefined;
  readonly compare: CompareChoice;
  /** Of `hash` and `manifest`: how the bytes of a path compare. */
  readonly contentOf?: ((path: string) => ContentAnswer | undefined) | undefined;
  readonly delete: boolean;
  /** Default `'skip'`. */
  readonly links?: 'skip' | 'follow' | undefined;
  readonly maxDelete?: number | undefined;
  /** The way in which the target's file system folds names. Default: not at all. */
  readonly fold?: FoldPath | undefined;
  /** Why the target cannot have a name; undefined if it can. */
  readonly nameFault?: ((name: string) => string | undefined) | undefined;
}

/** The facts of the trees that the two halves of the work need. */
export interface PlanContext {
  readonly trees: TreesToCompare;
  readonly source: readonly LeanEntry[];
  readonly target: TargetTree;
  readonly leftovers: Leftovers;
  readonly builder: PlanBuilder;
  /** Paths that stay as they are on the target, with all that is below them. Keys of the target. */
  readonly untouched: Subtrees;
  /** Directories of the target that are links: entries below them are elsewhere, and are not removed. */
  readonly linked: Subtrees;
  /** The keys of the target that the source has, with any step. */
  readonly claimed: Set<string>;
  /** The paths of the target that have a removal, since something of another kind must be there. */
  readonly cleared: Set<string>;
}

/** Whether an entry is this library's own, and no part of either tree. */
export function isOwn({ target, leftovers }: PlanContext, path: string): boolean {
  return target.keyOf(path) === target.keyOf(MANIFEST_NAME) || leftovers.finalOf(path) !== undefined;
}
