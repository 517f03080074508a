/** Makes the first half of a plan: the files and directories that the target gets from the source. */
import { printable } from '../../protocol/printable.js';
import { nameOf } from '../tree/tree-entry.js';
import { reasonToUpdate } from './compare-files.js';
import type { LeanEntry } from './lean-entry.js';
import { NeededDirectories } from './needed-directories.js';
import { isOwn, type PlanContext } from './plan-context.js';
import { clearingSteps } from './plan-removals.js';
import { copyStep, timeStep } from './steps.js';
import { orderOfTimes } from './time-order.js';

export function planWrites(context: PlanContext): void {
  const needed = new NeededDirectories(context.source, context.trees.selection);
  for (const entry of context.source) planEntry(context, needed, entry);
}

function planEntry(context: PlanContext, needed: NeededDirectories, entry: LeanEntry): void {
  const { path, kind } = entry;
  const { target, claimed, untouched } = context;
  const { selection } = context.trees;
  const key = target.keyOf(path);
  if (isOwn(context, path) || untouched.covers(key)) return;
  const isDirectory = kind === 'directory';
  if (selection.excludes(path, isDirectory)) {
    untouched.add(key);
    return;
  }
  if (isDirectory ? !needed.has(path) : !selection.includes(path, false)) return;
  const fault = faultOf(context, entry, key);
  claimed.add(key);
  if (fault !== undefined) leave(context, entry, fault);
  else if (isDirectory) planDirectory(context, entry);
  else planFile(context, entry);
}

interface Fault {
  readonly because: string;
  readonly failed: boolean;
}

/** Why the entry cannot be written to the target. */
function faultOf({ trees, claimed }: PlanContext, { path, kind }: LeanEntry, key: string): Fault | undefined {
  if (kind === 'symlink') return { because: 'it is a link', failed: false };
  if (kind === 'other') return { because: 'it is neither a file nor a directory', failed: false };
  if (trees.loops?.source.has(path) === true)
    return { because: 'it leads back to a directory that it is in', failed: false };
  const name = trees.nameFault?.(nameOf(path));
  if (name !== undefined) return { because: `the name ${name}`, failed: true };
  if (claimed.has(key)) return { because: 'the target takes its name and that of another file for one', failed: true };
  return undefined;
}

/** It has no step but this one, nor has anything below it; and on the target it stays as it is. */
function leave({ builder, untouched, target }: PlanContext, { path }: LeanEntry, { because, failed }: Fault): void {
  untouched.add(target.keyOf(path));
  if (failed) builder.fail(path, because);
  else builder.skip(path, because);
}

function planDirectory(context: PlanContext, entry: LeanEntry): void {
  const found = context.target.find(entry.path);
  if (found?.kind === 'directory') return;
  const cleared = found === undefined ? [] : clearingSteps(context, found);
  if (cleared === undefined) {
    leave(context, entry, obstacle(found, 'a directory'));
    return;
  }
  const step = { do: 'mkdir', path: entry.path, because: 'the target does not have it' } as const;
  context.builder.add([...cleared, step]);
}

function planFile(context: PlanContext, entry: LeanEntry): void {
  const { trees, builder, target } = context;
  const found = target.find(entry.path);
  if (found?.kind === 'file') {
    planPair(context, entry, found);
    return;
  }
  const cleared = found === undefined ? [] : clearingSteps(context, found);
  if (cleared === undefined) {
    leave(context, entry, obstacle(found, 'a file'));
    return;
  }
  builder.add([...cleared, copyStep(entry, 'the target does not have it', trees)]);
}

function planPair({ trees, builder }: PlanContext, source: LeanEntry, target: LeanEntry): void {
  const { compare, contentOf } = trees;
  const because = reasonToUpdate({ source, target, compare, content: () => contentOf?.(source.path) });
  if (because !== undefined) {
    builder.add([copyStep(source, because, trees, target)]);
    return;
  }
  const attributes = reasonForAttributes(trees, source, target);
  if (attributes === undefined) builder.countEqual();
  else builder.add([timeStep(source, attributes, trees, target)]);
}

/** Sizes alone say nothing of times, and those of a fresh checkout mean nothing. */
function reasonForAttributes(
  { compare, keepTime, keepMode }: PlanContext['trees'],
  source: LeanEntry,
  target: LeanEntry,
): string | undefined {
  if (keepTime && compare === 'hash' && orderOfTimes(source, target) === 'newer')
    return 'the source is newer, with the same bytes';
  if (!keepMode || source.mode === undefined || target.mode === undefined) return undefined;
  const [wanted, found] = [source.mode & 0o777, target.mode & 0o777];
  return wanted === found ? undefined : `the mode is ${wanted.toString(8)}, and was ${found.toString(8)}`;
}

function obstacle(found: LeanEntry | undefined, wanted: string): Fault {
  const kinds = {
    file: 'a file',
    directory: 'a directory',
    symlink: 'a link',
    other: 'neither a file nor a directory',
  };
  const stands = found === undefined ? '' : `${printable(found.path)} is ${kinds[found.kind]} at the target`;
  return {
    because: `${stands}, where ${wanted} must be: only delete removes it, and nothing that is excluded`,
    failed: true,
  };
}
