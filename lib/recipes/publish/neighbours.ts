/** Finds the directories beside a target that earlier runs have made: old trees, and the upload of a killed run. */
import { lastValueFrom, tap } from 'rxjs';
import { FtpReplyError } from '../../errors.js';
import { untilAborted } from '../../streams/abort-signal.js';
import { asError } from '../../streams/as-error.js';
import type { RemoteTree } from '../tree/remote-tree.js';
import { removal$ } from '../tree/remove-tree.js';
import { isIncomplete } from '../tree/tree-faults.js';
import type { Emit, PublishStep } from './publish-event.js';
import { isLeftover, isOld, type Site } from './site.js';

export interface NeighboursOptions {
  readonly site: Site;
  /** The tree whose root is the target's parent. */
  readonly tree: RemoteTree;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export class Neighbours {
  readonly #site: Site;
  readonly #tree: RemoteTree;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  #names: readonly string[] = [];

  constructor({ site, tree, emit, signal }: NeighboursOptions) {
    this.#site = site;
    this.#tree = tree;
    this.#emit = emit;
    this.#signal = signal;
  }

  /** Reads the names beside the target. If the server does not list them, they are left alone. */
  async read(): Promise<void> {
    const names: string[] = [];
    try {
      await lastValueFrom(this.#tree.list('', { signal: this.#signal }).pipe(tap(({ name }) => names.push(name))), {
        defaultValue: undefined,
      });
    } catch (error) {
      if (!(error instanceof FtpReplyError) && !isIncomplete(error)) throw error;
      this.#failed(
        { do: 'remove', path: this.#tree.at(''), because: 'a search for the remains of earlier runs' },
        error,
      );
    }
    this.#names = names;
  }

  /** The remains of a killed run: the old tree beside an absent target is put back first. */
  async tidyUp(): Promise<void> {
    const leftovers = this.#names.filter((name) => isLeftover(this.#site, name));
    if (leftovers.length === 0) return;
    const newest = this.#names
      .filter((name) => isOld(this.#site, name))
      .sort()
      .at(-1);
    if (newest !== undefined && !this.#names.includes(this.#site.name)) await this.#putBack(newest);
    for (const name of leftovers) {
      await this.#remove({ path: name, because: 'an earlier run was killed and has left it' });
    }
  }

  async #putBack(old: string): Promise<void> {
    await this.#tree.rename(old, this.#site.name, this.#signal);
    const because = 'an earlier run was killed between its renames';
    this.#done({ do: 'rename', path: this.#tree.at(old), to: this.#tree.at(this.#site.name), because });
  }

  /** Removes all old trees but the newest ones. `made` is the name of the one that has come about now. */
  async removeOlds(keep: number, made: string | undefined): Promise<void> {
    const olds = this.#names.filter((name) => isOld(this.#site, name));
    const all = made === undefined ? olds : [...olds, made];
    for (const name of all.sort().reverse().slice(keep)) {
      this.#signal.throwIfAborted();
      await this.#remove({ path: name, because: `it is older than the ${keep} old trees to keep` });
    }
  }

  /** Reports a failure. */
  async #remove({ path, because }: { readonly path: string; readonly because: string }): Promise<void> {
    const step: PublishStep = { do: 'remove', path: this.#tree.at(path), because };
    try {
      await removeTree(this.#tree, path, this.#signal);
      this.#done(step);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#failed(step, error);
    }
  }

  #done(step: PublishStep): void {
    this.#emit({ type: 'step', step, result: 'done' });
  }

  #failed(step: PublishStep, error: unknown): void {
    this.#emit({ type: 'step', step, result: 'failed', error: asError(error) });
  }
}

/** Of a tree that may be not there. */
export function removeTree(tree: RemoteTree, name: string, signal?: AbortSignal): Promise<unknown> {
  return lastValueFrom(untilAborted(removal$(tree.below(name)), signal));
}
