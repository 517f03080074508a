/** Checks that a directory's content is removed only if the directory is known to be no link. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError } from '../../../lib/errors.js';
import type { PlanStep } from '../../../lib/recipes/plan/plan.js';
import { RemovalGuard } from '../../../lib/recipes/plan/removal-guard.js';
import type { Standing } from '../../../lib/recipes/plan/target-check.js';

const remove = (path: string, kind: 'file' | 'directory'): PlanStep => ({
  do: 'remove',
  path,
  because: '',
  was: { kind },
});
const steps = [
  remove('a/d/e/f', 'file'),
  remove('a/d/e', 'directory'),
  remove('a/d', 'directory'),
  remove('x', 'file'),
];

interface Answers {
  readonly side?: 'local' | 'remote';
  readonly links?: readonly string[];
  readonly text?: string;
  readonly check?: (step: PlanStep) => Promise<Standing>;
}

function guard({ side = 'remote', links = [], text = 'Directory not empty', check }: Answers = {}) {
  const done: string[] = [];
  const answer = (verb: string) => async (path: string) => {
    done.push(`${verb} ${path}`);
    if (verb === 'DELE' && links.includes(path)) return;
    const reply = { code: 550, lines: [text], text, class: 5 } as const;
    throw new FtpReplyError(`${verb} was refused`, { command: `${verb} ${path}`, reply });
  };
  const tools = {
    target: { side, removeFile: answer('DELE'), removeDirectory: answer('RMD') },
    check: {
      check: check ?? (async () => 'as planned'),
      removed: async (path: string) => void done.push(`removed ${path}`),
    },
    signal: new AbortController().signal,
  };
  return { done, guard: new RemovalGuard(steps, tools as unknown as ConstructorParameters<typeof RemovalGuard>[1]) };
}

describe('a removal', () => {
  it('asks once for each directory above it that is removed too, from the root on', async () => {
    const at = guard();
    expect(await Promise.all(['a/d/e/f', 'a/d/e', 'x'].map((path) => at.guard.isGone(path)))).toEqual([
      false,
      false,
      false,
    ]);
    expect(at.done).toEqual(['DELE a/d', 'RMD a/d', 'DELE a/d/e', 'RMD a/d/e']);
  });

  it('is done with the link that it would go through', async () => {
    const at = guard({ links: ['a/d'] });
    expect(await at.guard.isGone('a/d/e/f')).toBe(true);
    expect(await at.guard.isGone('a/d')).toBe(false);
    expect(at.done).toEqual(['DELE a/d', 'removed a/d']);
  });

  it('fails where the directory may be a link, and is changed since the plan', async () => {
    const denied = guard({ text: 'Permission denied' });
    await expect(denied.guard.isGone('a/d/e/f')).rejects.toBeInstanceOf(FtpReplyError);
    const error = new Error('stale');
    const stale = guard({ check: () => Promise.reject(error) });
    await expect(stale.guard.isGone('a/d/e/f')).rejects.toBe(error);
    expect(stale.done).toEqual([]);
  });

  it('asks nothing where the directory is gone, nor on a local disk', async () => {
    const gone = guard({ check: async () => 'already' });
    expect(await gone.guard.isGone('a/d/e/f')).toBe(true);
    const local = guard({ side: 'local' });
    expect(await local.guard.isGone('a/d/e/f')).toBe(false);
    expect([...gone.done, ...local.done]).toEqual([]);
  });
});
