/**
 * Vitest's set-up file: what must hold after every spec, whatever the spec was about.
 *
 * No socket, server or timer made in a spec is alive when it is over; nothing was rejected or thrown without anybody
 * looking; no listener limit was passed; every observation ended once; no secret was seen. Closing takes a few turns of
 * the event loop, so these are waited for, within a bound that only a failing spec reaches.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { overhear, takeLeakedSecrets } from './canary.js';
import { takeObservationFaults } from './observe.js';
import { type Resource, type ResourceKind, ResourceWatch } from './resources.js';

const closingBoundMs = 1000;
const watch = new ResourceWatch();
const trouble: string[] = [];
const excused = new Map<ResourceKind, string>();
let before = new Set<number>();

/**
 * Lets resources of one kind outlive the specs of this file. For faults of a server under test that no code can close from outside;
 * `reason` says which. Call it at the top of the spec file.
 */
export function excuseLeftovers(kind: ResourceKind, reason: string): void {
  if (reason.trim() === '') throw new Error('leftovers need a reason');
  excused.set(kind, reason);
}

watch.start();
const beforeAnything = idsOf(watch.alive());

const onWarning = (warning: Error): void => {
  if (warning.name === 'MaxListenersExceededWarning') trouble.push(String(warning));
};
const onRejection = (reason: unknown): void => note('an unhandled rejection', reason);
const onException = (error: unknown): void => note('an uncaught exception', error);
process.on('warning', onWarning);
process.on('unhandledRejection', onRejection);
process.on('uncaughtExceptionMonitor', onException);
const stopListening = overhearConsole();

beforeEach(() => {
  before = idsOf(watch.alive());
});

afterEach(async (context) => {
  const faults = takeObservationFaults();
  if (vi.isFakeTimers() && vi.getTimerCount() > 0) faults.push(`${vi.getTimerCount()} fake timers are left`);
  vi.useRealTimers();
  faults.push(...(await leftovers(before)));
  for (const error of context.task.result?.errors ?? []) overhear('an error of the spec', error);
  faults.push(...trouble.splice(0), ...takeLeakedSecrets());
  report('after the spec', faults);
});

afterAll(async () => {
  const faults = [...(await leftovers(beforeAnything)), ...trouble.splice(0)];
  watch.stop();
  stopListening();
  process.off('warning', onWarning);
  process.off('unhandledRejection', onRejection);
  process.off('uncaughtExceptionMonitor', onException);
  report('after the spec file', faults);
});

function report(when: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error([`${when}:`, ...faults].join('\n'));
}

/** The resources that were made since and are alive after the bounded wait. */
async function leftovers(since: ReadonlySet<number>): Promise<string[]> {
  const left = (): Resource[] => watch.alive().filter(({ id, kind }) => !since.has(id) && !excused.has(kind));
  const deadline = performance.now() + closingBoundMs;
  // Destruction is announced one turn late, rejections after the microtasks: a few turns in any case.
  for (let turn = 0; turn < 3 || (left().length > 0 && performance.now() < deadline); turn += 1) await nextTurn();
  return left().map(({ kind, madeAt }) => `a ${kind} is left, made at\n${madeAt}`);
}

function note(what: string, error: unknown): void {
  overhear(what, error);
  trouble.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

function overhearConsole(): () => void {
  const names = ['debug', 'dir', 'error', 'info', 'log', 'trace', 'warn'] as const;
  const restore = names.map((name) => {
    const original = console[name];
    console[name] = (...said: unknown[]): void => {
      for (const item of said) overhear(`console.${name}`, item);
      Reflect.apply(original, console, said);
    };
    return (): void => {
      console[name] = original;
    };
  });
  return () => {
    for (const undo of restore) undo();
  };
}

function idsOf(resources: readonly Resource[]): Set<number> {
  return new Set(resources.map(({ id }) => id));
}
