/** Plans from JSON are checked before anything is done. */
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/errors.js';
import { isTreePath, requirePlan } from '../../../lib/recipes/plan/check-plan.js';
import { entry, planOf } from './support/trees.js';

const good = planOf([entry('a', { size: 2 }), 'd/', 'd/c'], ['a', 'x'], { delete: true, makeRoot: true });
const withStep = (step: unknown): unknown => ({ ...good, steps: [step] });

describe('a plan', () => {
  it('that was made is one, also from JSON', () => {
    expect(() => requirePlan(good)).not.toThrow();
    expect(() => requirePlan(JSON.parse(JSON.stringify(good)))).not.toThrow();
  });

  it.each([
    undefined,
    null,
    'plan',
    [],
    {},
    { ...good, version: 2 },
    { ...good, version: '1' },
    { ...good, steps: {} },
    { ...good, keepTime: 1 },
  ])('%j is none', (value) => {
    expect(() => requirePlan(value)).toThrow(FtpUsageError);
  });

  it.each([
    '../a',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    'a/',
    './a',
    'a/.',
    '..',
    '',
    'a\0',
    'a\nDELE b',
    'a\r',
    '..\\a',
    'a\\..\\..\\b',
    'a/..\\..\\b',
  ])('with the path %j is refused', (path) => {
    expect(isTreePath(path)).toBe(false);
    expect(() => requirePlan(withStep({ do: 'copy', path, because: '' }))).toThrow(/path that leads elsewhere/);
    expect(() => requirePlan(withStep({ do: 'remove', path, because: '', was: { kind: 'file' } }))).toThrow(
      FtpUsageError,
    );
  });

  it.each([
    null,
    'copy a',
    {},
    { do: 'chmod', path: 'a', because: '' },
    { do: 'toString', path: 'a', because: '' },
    { do: 'copy', because: '' },
    { do: 'copy', path: 1, because: '' },
    { do: 'copy', path: 'a' },
    { do: 'copy', path: 'a', because: '', bytes: -1 },
    { do: 'copy', path: 'a', because: '', bytes: '1' },
    { do: 'copy', path: 'a', because: '', modified: 'today' },
    { do: 'copy', path: 'a', because: '', mode: 0o4755 },
    { do: 'copy', path: 'a', because: '', was: { kind: 'file' } },
    { do: 'mkdir', path: 'a', because: '', was: { kind: 'directory' } },
    { do: 'update', path: 'a', because: '' },
    { do: 'remove', path: 'a', because: '' },
    { do: 'remove', path: 'a', because: '', was: { kind: 'tree' } },
    { do: 'remove', path: 'a', because: '', was: { kind: 'file', size: 1.5 } },
    { do: 'remove', path: 'a', because: '', was: { kind: 'file', modified: '1' } },
    { do: 'remove', path: 'a', because: '', was: { kind: 'file', precision: 'hour' } },
    { do: 'update', path: 'a', because: '', was: { kind: 'file', name: '../a' } },
    { do: 'update', path: 'a', because: '', was: { kind: 'file', name: 1 } },
  ])('with the step %j is refused', (step) => {
    expect(() => requirePlan(withStep(step))).toThrow(/^Step 1 of the plan /);
  });

  it('may skip what no path can be', () => {
    expect(() => requirePlan(withStep({ do: 'skip', path: 'a/../..', because: '', failed: true }))).not.toThrow();
  });
});
