/**
 * Prevents removals through a link that a server shows as a directory (pyftpdlib's MLSD, ProFTPD without ShowSymlinks, junctions on IIS).
 *
 * Before the first removal inside a directory that must itself go, it treats the directory as a link: see `linkRefusal`.
 */
import { isRefusalOfLink, linkRefusal } from '../tree/link-refusal.js';
import { parentOf } from '../tree/tree-entry.js';
import type { TreePlace } from '../tree/tree-place.js';
import type { PlanStep } from './plan.js';
import type { TargetCheck } from './target-check.js';

/** `gone`: it was a link, or empty, and is removed now. `there`: it is a directory. */
type Found = 'gone' | 'there';

export interface RemovalTools {
  readonly target: TreePlace;
  readonly check: TargetCheck;
  readonly signal: AbortSignal;
}

export class RemovalGuard {
  readonly #tools: RemovalTools;
  /** The steps that remove directories, by path. */
  readonly #steps = new Map<string, PlanStep>();
  readonly #asked = new Map<string, Promise<Found>>();

  constructor(steps: readonly PlanStep[], tools: RemovalTools) {
    this.#tools = tools;
    // On a local disk links are seen.
    if (tools.target.side === 'local') return;
    for (const step of steps) {
      if (step.do === 'remove' && step.was?.kind === 'directory') this.#steps.set(step.path, step);
    }
  }

  /** Resolves with whether a directory above `path` is removed with this. Rejects if one may be a link, and stays. */
  async isGone(path: string): Promise<boolean> {
    for (const directory of this.#above(path)) if ((await this.#ask(directory)) === 'gone') return true;
    return false;
  }

  /** From the root on, those that are to be removed. */
  #above(path: string): PlanStep[] {
    const found: PlanStep[] = [];
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const step = this.#steps.get(at);
      if (step !== undefined) found.unshift(step);
    }
    return found;
  }

  #ask(step: PlanStep): Promise<Found> {
    const asked = this.#asked.get(step.path);
    if (asked !== undefined) return asked;
    const found = this.#find(step);
    this.#asked.set(step.path, found);
    return found;
  }

  async #find(step: PlanStep): Promise<Found> {
    const { target, check, signal } = this.#tools;
    if ((await check.check(step)) === 'already') return 'gone';
    const refusal = await linkRefusal(target, step.path, signal);
    if (refusal === undefined) {
      await check.removed(step.path);
      return 'gone';
    }
    if (isRefusalOfLink(refusal)) throw refusal;
    return 'there';
  }
}
