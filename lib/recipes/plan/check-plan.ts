/** Checks a plan before its first step: it may come from a file that others can write. */
import { FtpUsageError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import { PLAN_VERSION, type Plan, type PlanStep } from './plan.js';

const DEEDS: Readonly<Record<PlanStep['do'], true>> = {
  mkdir: true,
  copy: true,
  update: true,
  remove: true,
  time: true,
  skip: true,
};
const KINDS: ReadonlySet<unknown> = new Set(['file', 'directory', 'symlink', 'other']);
const PRECISIONS: ReadonlySet<unknown> = new Set([undefined, 'second', 'minute', 'day', 'none']);
/** Every step of these replaces or removes something. */
const NEEDS_TARGET: ReadonlySet<unknown> = new Set(['update', 'remove', 'time']);

/** Throws FtpUsageError for a value that is no plan of this version, and for a step whose path would leave the root. */
export function requirePlan(value: unknown): asserts value is Plan {
  if (!isObject(value)) throw new FtpUsageError('This is no plan: plan$ emits one.');
  if (value.version !== PLAN_VERSION) {
    throw new FtpUsageError(`The plan has the version ${String(value.version)}; this one is needed: ${PLAN_VERSION}.`);
  }
  if (!Array.isArray(value.steps)) throw new FtpUsageError('The plan has no steps: plan$ emits an array of them.');
  if (typeof value.keepTime !== 'boolean') throw new FtpUsageError('The plan does not say whether times are kept.');
  value.steps.forEach((step: unknown, index) => {
    const fault = faultOf(step);
    if (fault !== undefined) throw new FtpUsageError(`Step ${index + 1} of the plan ${fault}.`);
  });
}

/** Whether it is a path below a root: names between slashes, none of which leads elsewhere. */
export function isTreePath(path: string): boolean {
  if (/[\r\n\0]/.test(path)) return false;
  // A server on Windows takes either slash.
  if (path.split(/[/\\]/).includes('..')) return false;
  return path.split('/').every((name) => name !== '' && name !== '.');
}

function isTreeName(name: unknown): boolean {
  return typeof name === 'string' && !name.includes('/') && isTreePath(name);
}

/** The end of a sentence; undefined for a step that can be done. */
function faultOf(step: unknown): string | undefined {
  if (!isObject(step)) return 'is no object';
  const { do: deed, path, because, was } = step;
  if (typeof deed !== 'string' || !Object.hasOwn(DEEDS, deed)) return 'has no known do';
  if (typeof path !== 'string') return 'has no path';
  if (typeof because !== 'string') return 'does not give its reason';
  // A step that is skipped may name what no path can be.
  if (deed === 'skip') return undefined;
  if (!(path === '' && deed === 'mkdir') && !isTreePath(path))
    return `has a path that leads elsewhere: "${printable(path)}"`;
  if (was === undefined && NEEDS_TARGET.has(deed)) return 'does not say what it replaces';
  if (was !== undefined && !NEEDS_TARGET.has(deed)) return `would ${deed} over something`;
  return attributeFault(step) ?? (was === undefined ? undefined : targetFault(was));
}

function attributeFault({ bytes, modified, mode }: Readonly<Record<string, unknown>>): string | undefined {
  if (bytes !== undefined && !isSize(bytes)) return 'has no number of bytes';
  if (modified !== undefined && !isTime(modified)) return 'has no valid time';
  if (mode !== undefined && !(isSize(mode) && mode <= 0o777)) return 'has no valid mode';
  return undefined;
}

function targetFault(was: unknown): string | undefined {
  if (!isObject(was) || !KINDS.has(was.kind) || !PRECISIONS.has(was.precision)) return 'does not say what it replaces';
  if (was.name !== undefined && !isTreeName(was.name)) return 'has no name of what it replaces';
  if (was.size !== undefined && !isSize(was.size)) return 'has no size of what it replaces';
  return was.modified !== undefined && !isTime(was.modified) ? 'has no valid time of what it replaces' : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^[+-]?\d{4,6}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}
