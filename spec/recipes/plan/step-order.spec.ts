/** Checks which steps wait for which. */
import { describe, expect, it } from 'vitest';
import type { PlanStep } from '../../../lib/recipes/plan/plan.js';
import { directoriesFirst, StepOrder, type Turn } from '../../../lib/recipes/plan/step-order.js';

/** Begins steps such as `mkdir a`; `turns` has those whose turn has come. */
function begun(...steps: readonly string[]) {
  const order = new StepOrder();
  const turns: Record<string, Turn> = {};
  const ends = new Map<string, (isDone: boolean) => void>();
  for (const each of steps) {
    const [deed = '', path = ''] = each.split(' ');
    const { turn, end } = order.begin({ do: deed as PlanStep['do'], path, because: '' });
    ends.set(each, end);
    void (turn ?? Promise.resolve<Turn>('go')).then((found) => {
      turns[each] = found;
    });
  }
  return {
    turns,
    async end(step: string, isDone = true) {
      ends.get(step)?.(isDone);
      await new Promise(setImmediate);
    },
  };
}

describe('a step', () => {
  it('waits for the directories above it', async () => {
    const { turns, end } = begun('mkdir ', 'mkdir a', 'mkdir a/b', 'copy a/b/c', 'copy d');
    await end('');
    expect(turns).toEqual({ 'mkdir ': 'go' });
    await end('mkdir ');
    expect(turns).toEqual({ 'mkdir ': 'go', 'mkdir a': 'go', 'copy d': 'go' });
    await end('mkdir a');
    await end('mkdir a/b');
    expect(turns).toMatchObject({ 'mkdir a/b': 'go', 'copy a/b/c': 'go' });
  });

  it('waits for nothing once that is done', () => {
    const order = new StepOrder();
    const begin = (deed: PlanStep['do'], path: string) => order.begin({ do: deed, path, because: '' });
    const removal = begin('remove', 'a');
    const directory = begin('mkdir', 'a');
    expect([removal.turn, directory.turn]).toEqual([undefined, expect.any(Promise)]);
    removal.end(true);
    expect(begin('copy', 'a/b').turn).toBeInstanceOf(Promise);
    directory.end(true);
    expect(begin('copy', 'a/c').turn).toBeUndefined();
  });

  it('is not done in a directory that was not made', async () => {
    const { turns, end } = begun('mkdir a', 'mkdir a/b', 'copy a/b/c', 'copy b');
    await end('mkdir a', false);
    expect(turns).toEqual({ 'mkdir a': 'go', 'mkdir a/b': 'blocked', 'copy b': 'go' });
    await end('mkdir a/b', false);
    expect(turns).toMatchObject({ 'copy a/b/c': 'blocked' });
  });

  it('waits for what stands in its place, which waits for what is in it', async () => {
    const { turns, end } = begun('remove a/b', 'remove a/c', 'remove a', 'copy a');
    await end('remove a/b');
    expect(turns).toEqual({ 'remove a/b': 'go', 'remove a/c': 'go' });
    await end('remove a/c', false);
    expect(turns).toMatchObject({ 'remove a': 'go' });
    expect(turns).not.toHaveProperty('copy a');
    await end('remove a');
    expect(turns).toMatchObject({ 'copy a': 'go' });
  });
});

describe('directories', () => {
  const ordered = (...steps: readonly string[]): string[] =>
    directoriesFirst(
      steps.map((each) => {
        const [deed = '', path = ''] = each.split(' ');
        return { do: deed as PlanStep['do'], path, because: '' };
      }),
    ).map((step) => `${step.do} ${step.path}`);

  it('come before all files, in their own order', () => {
    const steps = ['mkdir ', 'copy a', 'mkdir b', 'copy b/c', 'mkdir b/d', 'update b/d/e', 'mkdir f'];
    expect(ordered(...steps)).toEqual([
      ...['mkdir ', 'mkdir b', 'mkdir b/d', 'mkdir f'],
      ...['copy a', 'copy b/c', 'update b/d/e'],
    ]);
  });

  it('keep their place behind what is removed there, or above', () => {
    const steps = ['remove a', 'mkdir a', 'copy a/b', 'mkdir a/c', 'mkdir ab', 'mkdir d'];
    expect(ordered(...steps)).toEqual([
      ...['mkdir ab', 'mkdir d'],
      ...['remove a', 'mkdir a', 'copy a/b', 'mkdir a/c'],
    ]);
  });
});
