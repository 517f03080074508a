/** Checks right before a step that the target has not changed since the plan. */
import { lastValueFrom, reduce } from 'rxjs';
import { FtpUsageError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { printable } from '../../protocol/printable.js';
import { nameOf, parentOf } from '../tree/tree-entry.js';
import type { TreePlace } from '../tree/tree-place.js';
import { type LeanEntry, lean } from './lean-entry.js';
import type { PlannedTarget, PlanStep } from './plan.js';
import { isSameTime } from './time-order.js';

/** `as planned`: the step can be done. `already`: there is nothing to do. */
export type Standing = 'as planned' | 'already';

type Listing = Map<string, LeanEntry>;

export class TargetCheck {
  readonly #target: TreePlace;
  readonly #signal: AbortSignal;
  /** One listing for all steps in a directory of a server: a question for each would cost a round trip. */
  readonly #there = new Set<string>();
  readonly #listings = new Map<string, Promise<Listing>>();

  /** @param signal ends the questions. */
  constructor(target: TreePlace, signal: AbortSignal) {
    this.#target = target;
    this.#signal = signal;
  }

  /** Resolves with the action to take; rejects with FtpUsageError if the target has changed since the plan. */
  async check(step: PlanStep): Promise<Standing> {
    const { path } = step;
    const found = this.#asksFor(step) ? await this.#stat(path) : entryIn(await this.#listing(parentOf(path)), step);
    return standingOf(step, isFollowed(step, found) ? await this.#follow(path) : found);
  }

  /** The directory was made by a step: nothing is in it. */
  made(path: string): void {
    this.#there.add(path);
    this.#listings.set(path, Promise.resolve(new Map()));
  }

  /** The directory exists already. */
  found(path: string): void {
    this.#there.add(path);
  }

  /** Whether the directory is there, since a step has made or found it. */
  isThere(path: string): boolean {
    return this.#there.has(path);
  }

  /** A step has removed it: something of another kind may take its place. */
  async removed(path: string): Promise<void> {
    (await this.#listings.get(parentOf(path)))?.delete(nameOf(path));
  }

  /** The listing is old. */
  forget(): void {
    this.#listings.clear();
  }

  /** The plan has followed the link. */
  async #follow(path: string): Promise<LeanEntry | undefined> {
    const link = await this.#target.stat(path, this.#signal);
    return link === undefined ? undefined : leanOf(path, await this.#target.follow(path, link, this.#signal));
  }

  async #stat(path: string): Promise<LeanEntry | undefined> {
    const found = await this.#target.stat(path, this.#signal);
    return found === undefined ? undefined : leanOf(path, found);
  }

  /**
   * A question for each local file costs no round trip, and sees the newest state. A directory that a step has made needs none: the
   * local file gets its name only where that is free.
   */
  #asksFor({ path, do: deed }: PlanStep): boolean {
    if (path === '') return true;
    return this.#target.side === 'local' && !(deed === 'copy' && this.#listings.has(parentOf(path)));
  }

  #listing(directory: string): Promise<Listing> {
    const known = this.#listings.get(directory);
    if (known !== undefined) return known;
    const listed = listingOf(this.#target, directory, this.#signal);
    this.#listings.set(directory, listed);
    return listed;
  }
}

/** The entries of one directory, by name. */
export function listingOf(tree: TreePlace, directory: string, signal: AbortSignal): Promise<Listing> {
  const entries = new Map<string, LeanEntry>();
  const entries$ = tree.list(directory, { signal });
  return lastValueFrom(
    entries$.pipe(reduce((found, entry) => found.set(entry.name, leanOf(entry.name, entry)), entries)),
  );
}

function entryIn(listing: Listing, { path, was }: PlanStep): LeanEntry | undefined {
  // The target may spell the name otherwise.
  return listing.get(nameOf(path)) ?? (was?.name === undefined ? undefined : listing.get(was.name));
}

/** Whether the plan speaks of what the link leads to. */
function isFollowed({ was }: PlanStep, found: LeanEntry | undefined): boolean {
  return found?.kind === 'symlink' && was !== undefined && was.kind !== 'symlink';
}

function standingOf(step: PlanStep, found: LeanEntry | undefined): Standing {
  if (step.do === 'mkdir' && found?.kind === 'directory') return 'already';
  if (step.do === 'remove' && found === undefined) return 'already';
  if (isAsPlanned(step.was, found)) return 'as planned';
  throw new FtpUsageError(
    `The target's "${printable(step.path)}" has changed since the plan: it was ${shown(step.was)}, and is ${shown(found)}. Plan anew.`,
  );
}

function leanOf(path: string, entry: FileEntry): LeanEntry {
  return lean({ ...entry, path });
}

function isAsPlanned(was: PlannedTarget | undefined, found: LeanEntry | undefined): boolean {
  if (was === undefined || found === undefined) return was === undefined && found === undefined;
  if (was.kind !== found.kind) return false;
  if (was.kind !== 'file') return true;
  const { size, modified, precision = modified === undefined ? 'none' : 'second' } = was;
  const told = { modified: modified === undefined ? undefined : Date.parse(modified), precision, zoneKnown: true };
  return size === found.size && isSameTime(told, found);
}

function shown(found: PlannedTarget | LeanEntry | undefined): string {
  if (found === undefined) return 'not there';
  const { kind, size, modified } = found;
  if (kind !== 'file') return `a ${kind}`;
  const time = modified === undefined ? '' : ` of ${new Date(modified).toISOString()}`;
  return `a file of ${size ?? 'unknown'} bytes${time}`;
}
