/** Makes the steps of a plan from entries. */
import { nameOf } from '../tree/tree-entry.js';
import type { LeanEntry } from './lean-entry.js';
import type { PlannedTarget, PlanStep } from './plan.js';

/** The attributes, besides bytes, that the target's files get from the source's. */
export interface Kept {
  readonly keepTime: boolean;
  readonly keepMode: boolean;
}

export function copyStep(source: LeanEntry, because: string, kept: Kept, was?: LeanEntry): PlanStep {
  return {
    do: was === undefined ? 'copy' : 'update',
    path: source.path,
    ...(source.size === undefined ? {} : { bytes: source.size }),
    because,
    ...attributesOf(source, kept),
    ...(was === undefined ? {} : { was: targetOf(was, source.path) }),
  };
}

export function timeStep(source: LeanEntry, because: string, kept: Kept, was: LeanEntry): PlanStep {
  return { do: 'time', path: source.path, because, ...attributesOf(source, kept), was: targetOf(was, source.path) };
}

export function removeStep(target: LeanEntry, because: string): PlanStep {
  return { do: 'remove', path: target.path, because, was: targetOf(target, target.path) };
}

/** Whether the step gives a file its bytes. */
export function isWrite(step: PlanStep): boolean {
  return step.do === 'copy' || step.do === 'update';
}

function attributesOf(source: LeanEntry, { keepTime, keepMode }: Kept): Pick<PlanStep, 'modified' | 'rough' | 'mode'> {
  const { modified, precision, zoneKnown, mode } = source;
  const isRough = precision !== 'second' || !zoneKnown;
  return {
    ...(keepTime && modified !== undefined ? { modified: isoOf(modified) } : {}),
    ...(keepTime && isRough ? { rough: true } : {}),
    ...(keepMode && mode !== undefined ? { mode: mode & 0o777 } : {}),
  };
}

/** @param path that of the step. */
function targetOf({ path: found, kind, size, modified, precision }: LeanEntry, path: string): PlannedTarget {
  return {
    kind,
    ...(nameOf(found) === nameOf(path) ? {} : { name: nameOf(found) }),
    // The size of a directory or link in a listing says nothing about it.
    ...(kind !== 'file' || size === undefined ? {} : { size }),
    ...(kind !== 'file' || modified === undefined ? {} : { modified: isoOf(modified) }),
    ...(kind !== 'file' || modified === undefined || precision === 'second' ? {} : { precision }),
  };
}

function isoOf(modified: number): string {
  return new Date(modified).toISOString();
}
