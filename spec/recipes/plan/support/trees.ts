/** Trees in memory: as entries for the planner, and as something that a plan can be done to. */
import type { LeanEntry } from '../../../../lib/recipes/plan/lean-entry.js';
import { makePlan } from '../../../../lib/recipes/plan/make-plan.js';
import type { Plan, PlanStep } from '../../../../lib/recipes/plan/plan.js';
import type { TreesToCompare } from '../../../../lib/recipes/plan/plan-context.js';
import { loadIgnore, Selection, type SelectionOptions } from '../../../../lib/recipes/plan/selection.js';
import { loadPicomatch } from '../../../../lib/recipes/tree/patterns.js';

/** The time that files have unless they say otherwise. */
export const SOME_TIME = Date.UTC(2024, 4, 6, 7, 8, 9);

/** One entry: a directory where the path ends in `/`, else a file. */
export function entry(path: string, more: Partial<LeanEntry> = {}): LeanEntry {
  const isDirectory = path.endsWith('/');
  return {
    path: isDirectory ? path.slice(0, -1) : path,
    kind: isDirectory ? 'directory' : 'file',
    size: isDirectory ? undefined : 1,
    modified: SOME_TIME,
    precision: 'second',
    zoneKnown: true,
    mode: undefined,
    ...more,
  };
}

/** A text is the path of an entry with nothing of its own. */
export type EntryLike = string | LeanEntry;

export function entries(likes: readonly EntryLike[]): LeanEntry[] {
  return likes.map((like) => (typeof like === 'string' ? entry(like) : like));
}

export type PlanSettings = Partial<Omit<TreesToCompare, 'source' | 'target' | 'selection'>> & SelectionOptions;

const libraries = { picomatch: await loadPicomatch(), ignore: await loadIgnore() };

export function selectionOf(options: SelectionOptions): Selection {
  return new Selection(options, libraries);
}

export function planOf(source: readonly EntryLike[], target: readonly EntryLike[], settings: PlanSettings = {}): Plan {
  return makePlan({
    unseen: [],
    compare: 'size+time',
    keepTime: true,
    keepMode: false,
    delete: false,
    ...settings,
    selection: selectionOf(settings),
    source: entries(source),
    target: entries(target),
  });
}

/** The steps in short: `copy a.txt`, and `failed a.txt` for what cannot be done. */
export function shown({ steps }: Plan): string[] {
  return steps.map((step) => `${step.failed === true ? 'failed' : step.do} ${step.path}`);
}

/** The target after the plan, as a map by path. Throws where a step does not fit what is there. */
export function applied(
  plan: Plan,
  source: readonly LeanEntry[],
  target: readonly LeanEntry[],
): Map<string, LeanEntry> {
  const from = new Map(source.map((each) => [each.path, each]));
  const to = new Map(target.map((each) => [each.path, each]));
  for (const step of plan.steps) apply(step, from, to);
  return to;
}

function apply(step: PlanStep, from: ReadonlyMap<string, LeanEntry>, to: Map<string, LeanEntry>): void {
  const { path, was } = step;
  if (step.do === 'skip') return;
  if (to.get(path)?.kind !== was?.kind) throw new Error(`${step.do} ${path}: the target has ${to.get(path)?.kind}`);
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (parent !== '' && to.get(parent)?.kind !== 'directory') throw new Error(`${step.do} ${path}: no directory`);
  if (step.do === 'remove') {
    if ([...to.keys()].some((each) => each.startsWith(`${path}/`))) throw new Error(`${path} is not empty`);
    to.delete(path);
    return;
  }
  const found = from.get(path);
  if (found === undefined) throw new Error(`${step.do} ${path}: not in the source`);
  to.set(path, found);
}
